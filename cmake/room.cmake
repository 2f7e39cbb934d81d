# holdfast_room(name DEPENDS … LIBRARIES … SOURCES … TESTS … TEST_DEPENDS …)
#
# Declares one room of the house as a static library `holdfast_<name>` and its tests as one program
# `<name>_test`, run by CTest under the label `quick`. File lists are explicit: a listed file is a decision.
#   DEPENDS       other rooms, by name: what this room may include
#   LIBRARIES     packages that only its .cc files use
#   TEST_DEPENDS  rooms that only its tests use
function(holdfast_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBRARIES;SOURCES;TESTS;TEST_DEPENDS" ${ARGN})
  set(target holdfast_${name})
  add_library(${target} STATIC ${ROOM_SOURCES})
  set_property(GLOBAL APPEND PROPERTY HOLDFAST_ROOMS ${target})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
    $<INSTALL_INTERFACE:include>)
  # Carried to whoever links the room: the public headers need it too.
  target_compile_features(${target} PUBLIC cxx_std_20)
  foreach(room IN LISTS ROOM_DEPENDS)
    target_link_libraries(${target} PUBLIC holdfast_${room})
  endforeach()
  target_link_libraries(${target} PRIVATE ${ROOM_LIBRARIES} $<BUILD_INTERFACE:holdfast_warnings>)
  if(ROOM_TESTS AND HOLDFAST_BUILD_TESTS)
    holdfast_test(${name}_test SOURCES ${ROOM_TESTS} ROOMS ${name} ${ROOM_TEST_DEPENDS})
  endif()
endfunction()

# holdfast_test(name SOURCES … ROOMS … [LABELS …] [TIMEOUT seconds]): one GoogleTest program, one CTest entry.
function(holdfast_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;ROOMS;LIBRARIES;LABELS" ${ARGN})
  if(NOT TEST_LABELS)
    set(TEST_LABELS quick)
  endif()
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  set_property(GLOBAL APPEND PROPERTY HOLDFAST_TESTS ${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  foreach(room IN LISTS TEST_ROOMS)
    target_link_libraries(${name} PRIVATE holdfast_${room})
  endforeach()
  target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES} holdfast_warnings GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT ${TEST_TIMEOUT})
  if(HOLDFAST_SANITIZE MATCHES "thread")
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/tsan.supp")
  endif()
  # What runs under ThreadSanitizer can be built alone.
  if("threaded" IN_LIST TEST_LABELS)
    if(NOT TARGET threaded_tests)
      add_custom_target(threaded_tests)
    endif()
    add_dependencies(threaded_tests ${name})
  endif()
endfunction()

# Reads the standard library and GoogleTest once instead of once a file, in the rooms and their tests: included last, by
# builds that set HOLDFAST_PRECOMPILE. Not all do: one that does not finds the include that a file forgot.
set(standard_headers <algorithm> <array> <atomic> <charconv> <chrono> <cstdint> <filesystem> <functional> <map> <memory>
    <mutex> <optional> <set> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>)
file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cc "")

# A precompiled header fits what is compiled with the same flags only.
function(holdfast_precompile name)
  cmake_parse_arguments(PRECOMPILE "" "" "HEADERS;LIBRARIES;TARGETS" ${ARGN})
  add_library(precompiled_${name} OBJECT ${PROJECT_BINARY_DIR}/precompiled.cc)
  target_link_libraries(precompiled_${name} PRIVATE ${PRECOMPILE_LIBRARIES} holdfast_warnings)
  target_precompile_headers(precompiled_${name} PRIVATE ${standard_headers} ${PRECOMPILE_HEADERS})
  foreach(target IN LISTS PRECOMPILE_TARGETS)
    target_precompile_headers(${target} REUSE_FROM precompiled_${name})
  endforeach()
endfunction()

get_property(rooms GLOBAL PROPERTY HOLDFAST_ROOMS)
get_property(tests GLOBAL PROPERTY HOLDFAST_TESTS)
set(shared_rooms)
foreach(room IN LISTS rooms)
  get_target_property(is_shared ${room} POSITION_INDEPENDENT_CODE)
  if(is_shared)
    list(APPEND shared_rooms ${room})
  endif()
endforeach()
list(REMOVE_ITEM rooms ${shared_rooms})
holdfast_precompile(rooms TARGETS ${rooms})
holdfast_precompile(shared_rooms TARGETS ${shared_rooms})
set_target_properties(precompiled_shared_rooms PROPERTIES POSITION_INDEPENDENT_CODE ON)
if(tests)
  holdfast_precompile(tests TARGETS ${tests} HEADERS <gmock/gmock.h> <gtest/gtest.h> LIBRARIES GTest::gmock)
endif()

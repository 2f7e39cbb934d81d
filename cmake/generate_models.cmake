# holdfast_generate_models(TARGET app SCHEMA a.graphql [b.graphql ...] [NAME blog] [NAMESPACE blog])
#
# Generates <NAME>.h and <NAME>.cc from the schema into the build folder, adds them to TARGET, and links
# holdfast::client. Generated anew only when a schema file or the program changes; the files are touched only when
# their text does, so that an edit of a comment in the schema recompiles nothing.
#   SCHEMA     files that together are one schema; relative to the current source folder
#   NAME       of the files; by default the first schema file's name without its extension
#   NAMESPACE  C++ namespace of the models; by default NAME
#
# HOLDFAST_PROGRAM: the path of a `holdfast` to run instead of the one that is built or installed; needed when the
# application is built for another machine.
function(holdfast_generate_models)
  cmake_parse_arguments(MODELS "" "TARGET;NAME;NAMESPACE" "SCHEMA" ${ARGN})
  if(MODELS_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "holdfast_generate_models: unknown arguments: ${MODELS_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT MODELS_TARGET OR NOT MODELS_SCHEMA)
    message(FATAL_ERROR "holdfast_generate_models needs TARGET and SCHEMA")
  endif()
  if(NOT MODELS_NAME)
    list(GET MODELS_SCHEMA 0 first)
    cmake_path(GET first STEM MODELS_NAME)
  endif()
  if(NOT MODELS_NAMESPACE)
    set(MODELS_NAMESPACE ${MODELS_NAME})
  endif()

  set(schemas)
  foreach(schema IN LISTS MODELS_SCHEMA)
    cmake_path(ABSOLUTE_PATH schema BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    list(APPEND schemas ${schema})
  endforeach()

  # Built first inside this repository; an installed package brings it; who builds for another machine names one.
  set(program holdfast_cli)
  if(HOLDFAST_PROGRAM)
    set(program ${HOLDFAST_PROGRAM})
  elseif(TARGET holdfast::cli)
    set(program holdfast::cli)
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${MODELS_TARGET}_models)
  set(files ${folder}/${MODELS_NAME}.h ${folder}/${MODELS_NAME}.cc)
  # The stamp remembers the run; the files keep their times when nothing in them changed.
  set(stamp ${folder}/${MODELS_NAME}.stamp)
  add_custom_command(
    OUTPUT ${stamp}
    BYPRODUCTS ${files}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${program} codegen models --schema ${schemas} --out ${folder} --name ${MODELS_NAME} --namespace ${MODELS_NAMESPACE}
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${program} ${schemas}
    COMMENT "Generating ${MODELS_NAME}.h and ${MODELS_NAME}.cc"
    VERBATIM)
  set_source_files_properties(${files} PROPERTIES GENERATED TRUE)
  add_custom_target(${MODELS_TARGET}_${MODELS_NAME}_models DEPENDS ${stamp})
  add_dependencies(${MODELS_TARGET} ${MODELS_TARGET}_${MODELS_NAME}_models)
  target_sources(${MODELS_TARGET} PRIVATE ${files})
  target_include_directories(${MODELS_TARGET} PRIVATE ${folder})
  if(TARGET holdfast::client)
    target_link_libraries(${MODELS_TARGET} PRIVATE holdfast::client)
  else()
    target_link_libraries(${MODELS_TARGET} PRIVATE holdfast_client)
  endif()
endfunction()

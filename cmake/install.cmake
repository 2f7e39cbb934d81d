# What an install prefix holds: the client library with its headers, in C++ and in C, the program, and how CMake finds them. The
# prefix may be moved afterwards. The rooms of the server are not installed: their headers are the program's own.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(holdfast_client_rooms
  base base_digests model protocol iam sqlite net
  client_storage client_storage_sqlite client_outbox client_observe client_sync client_auth client_device client capi)
foreach(room IN LISTS holdfast_client_rooms)
  set_target_properties(holdfast_${room} PROPERTIES EXPORT_NAME ${room})
  install(TARGETS holdfast_${room} EXPORT holdfast ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endforeach()
set_target_properties(holdfast_c PROPERTIES EXPORT_NAME c)
install(TARGETS holdfast_c EXPORT holdfast LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
set_target_properties(holdfast_cli PROPERTIES EXPORT_NAME cli)
install(TARGETS holdfast_cli EXPORT holdfast RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# What the program runs with Node.js; `npm ci` in that folder fetches the packages.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tools/node DESTINATION ${CMAKE_INSTALL_DATADIR}/holdfast
  PATTERN node_modules EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/holdfast DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/holdfast)
install(EXPORT holdfast NAMESPACE holdfast:: FILE holdfastTargets.cmake DESTINATION ${config_folder})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/holdfastConfig.cmake.in
  ${PROJECT_BINARY_DIR}/holdfastConfig.cmake INSTALL_DESTINATION ${config_folder})
# Until 1.0 a minor version may break.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/holdfastConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/holdfastConfig.cmake ${PROJECT_BINARY_DIR}/holdfastConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/generate_models.cmake DESTINATION ${config_folder})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# What `cmake --install build --prefix P` gives: programs, libraries, and a package for those who write plugins.
#
#   P/bin                          parigot-opt, wasm-opt
#   P/lib                          libparigot-passes.so, libbinaryen.so
#   P/include/parigot/plugin.h     the interface of plugins
#   P/include/parigot/binaryen/    Binaryen's headers: in a folder of their own, as their names (support/, pass.h) are anybody's
#   P/lib/cmake/parigot-opt/       find_package(parigot-opt), which has the target parigot-opt::plugin
#   P/share/parigot-opt/wasm-stack-traces.mjs   lines of sources in Node's stack traces: docs/debugging.md
#
# An installation stands alone: it takes Binaryen's library along, and works wherever P is moved. tests/install holds that.
include(CMakePackageConfigHelpers)

install(TARGETS parigot-opt wasm-opt parigot-passes RUNTIME DESTINATION bin LIBRARY DESTINATION lib)
install(FILES ${BINARYEN_PREFIX}/lib/libbinaryen.so DESTINATION lib)
install(DIRECTORY include/parigot DESTINATION include)
install(DIRECTORY ${BINARYEN_PREFIX}/include/ DESTINATION include/parigot/binaryen)
install(FILES LICENSE DESTINATION share/doc/parigot-opt)
install(FILES share/wasm-stack-traces.mjs DESTINATION share/parigot-opt)
install(FILES ${BINARYEN_PREFIX}/LICENSE DESTINATION share/doc/parigot-opt RENAME LICENSE.binaryen)

# The release of Binaryen, from the one place that has it in C++.
file(STRINGS include/parigot/plugin.h binaryen_version REGEX "^#define BINARYEN_PLUGIN_VERSION [0-9]+$")
string(REGEX REPLACE ".* " "" binaryen_version "${binaryen_version}")

set(package_folder lib/cmake/parigot-opt)
configure_package_config_file(cmake/parigot-opt-config.cmake.in ${PROJECT_BINARY_DIR}/parigot-opt-config.cmake
  INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
# Before 1.0, a plugin for one minor version is none for the next.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/parigot-opt-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/parigot-opt-config.cmake ${PROJECT_BINARY_DIR}/parigot-opt-config-version.cmake
  DESTINATION ${package_folder})

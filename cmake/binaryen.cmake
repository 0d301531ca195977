# Binaryen, obtained or built by third_party/binaryen/build.sh, as the target Binaryen::binaryen.
#
# Sets BINARYEN_PREFIX, the folder it is installed in: the library in lib/, sources of wasm-opt in src/tools/; once the target
# binaryen-tools was built, tools in bin/ and the test suite in test/.
set(binaryen_script ${PROJECT_SOURCE_DIR}/third_party/binaryen/build.sh)
set(binaryen_arguments)
if(PARIGOT_BINARYEN_SOURCE)
  set(binaryen_arguments --source ${PARIGOT_BINARYEN_SOURCE})
endif()

# What it says on the way goes straight to the terminal: a first build takes minutes.
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env CXX=${CMAKE_CXX_COMPILER} ${binaryen_script} ${binaryen_arguments}
  OUTPUT_VARIABLE BINARYEN_PREFIX
  OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE binaryen_result)
if(NOT binaryen_result EQUAL 0)
  message(FATAL_ERROR "third_party/binaryen/build.sh failed; its messages are above")
endif()
message(STATUS "Binaryen: ${BINARYEN_PREFIX}")
file(WRITE ${PROJECT_BINARY_DIR}/binaryen-prefix ${BINARYEN_PREFIX}\n) # for the scripts
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${binaryen_script} ${PROJECT_SOURCE_DIR}/third_party/binaryen/package-lock.json)

# Upstream's own tools and test suite, which only our tests need: setup.sh --tests.
add_custom_target(binaryen-tools
  COMMAND ${CMAKE_COMMAND} -E env CXX=${CMAKE_CXX_COMPILER} ${binaryen_script} ${binaryen_arguments} --tools
  USES_TERMINAL)

add_library(Binaryen::binaryen SHARED IMPORTED)
set_target_properties(Binaryen::binaryen PROPERTIES
  IMPORTED_LOCATION ${BINARYEN_PREFIX}/lib/libbinaryen.so
  # Imported, hence -isystem: warnings in its headers are upstream's business.
  INTERFACE_INCLUDE_DIRECTORIES ${BINARYEN_PREFIX}/include
  INTERFACE_COMPILE_DEFINITIONS BUILD_LLVM_DWARF)

# Binaryen's central headers take four seconds to parse; precompiled, a quarter of one.
function(parigot_precompile_binaryen target)
  target_precompile_headers(${target} PRIVATE <pass.h> <wasm-builder.h> <wasm.h> <ir/module-utils.h>)
endfunction()

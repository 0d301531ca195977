# The preset `asan`: our code under AddressSanitizer and UndefinedBehaviorSanitizer.
#
# What goes into libparigot-passes.so, parigot-opt and wasm-opt is compiled so, and what the unit tests compile of the runtime modules.
# Binaryen is as it always is, and so are the unit tests themselves: their object files are those of the release preset, and would take
# most of the time of a build with sanitizers. Without optimisation and with line tables only, a file takes half of the time that it
# takes with -O1.
option(PARIGOT_SANITIZE "Compile our libraries and programs with sanitizers" OFF)

set(PARIGOT_SANITIZERS)
if(PARIGOT_SANITIZE)
  set(PARIGOT_SANITIZERS
    -O0 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
    # These need run-time type information, or find what Binaryen's headers do.
    -fno-sanitize=vptr,null,nonnull-attribute,returns-nonnull-attribute
    -Wno-maybe-uninitialized)
  # Every program loads the run-time library first. References within a library stay within it: an inline function that a unit test
  # has too is the one with sanitizers.
  add_link_options(-fsanitize=address,undefined)
  set(CMAKE_SHARED_LINKER_FLAGS "${CMAKE_SHARED_LINKER_FLAGS} -Wl,-Bsymbolic-functions")
endif()

function(parigot_sanitize target)
  target_compile_options(${target} PRIVATE ${PARIGOT_SANITIZERS})
endfunction()

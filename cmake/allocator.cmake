# mimalloc in place of the C library's malloc, in parigot-opt and wasm-opt: Binaryen allocates millions of small nodes of maps, from
# several threads, and takes 10 to 20 % less time with it. Programs with sanitizers have the allocator of these.
find_package(mimalloc 2 REQUIRED)

function(parigot_allocator target)
  if(NOT PARIGOT_SANITIZE)
    # No symbol is asked for by name, so linkers that leave out libraries without need have to be told.
    target_link_libraries(${target} PRIVATE -Wl,--push-state,--no-as-needed mimalloc -Wl,--pop-state)
  endif()
endfunction()

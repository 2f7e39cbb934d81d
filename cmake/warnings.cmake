# Warnings and sanitizers, carried by one interface target that every target of ours links privately.
add_library(holdfast_warnings INTERFACE)
target_compile_options(holdfast_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual)
# GCC 12 sees overlapping copies where optimised std::string concatenation has none (GCC bug 105651).
target_compile_options(holdfast_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(HOLDFAST_WERROR)
  target_compile_options(holdfast_warnings INTERFACE -Werror)
endif()

# Sanitizers must reach every object of the program, so they are global. HOLDFAST_SANITIZE: "address,undefined" or "thread".
if(HOLDFAST_SANITIZE)
  add_compile_options(-fsanitize=${HOLDFAST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HOLDFAST_SANITIZE})
  if(HOLDFAST_SANITIZE MATCHES "thread")
    # Asio uses atomic fences, which GCC's thread sanitizer does not model; it says so at every use.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
  # Two checks that grow the code by a half; AddressSanitizer finds null, and x86 does not mind alignment.
  if(HOLDFAST_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=null,alignment)
  endif()
endif()

# Fuzzers learn from the branches that an input takes: every room counts them.
if(HOLDFAST_BUILD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

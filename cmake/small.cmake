# Settings for a small program of GCC, to start an application's build from: cmake -C holdfast/cmake/small.cmake …
# docs/guide/size.md explains them; bench/size.py weighs a client that is built with them.
set(CMAKE_BUILD_TYPE MinSizeRel CACHE STRING "")

# The whole program is compiled at once, what nothing reaches is left out, only functions that an exception can pass
# through have unwind tables, and no class is described at run time.
set(flags "-flto -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables")
set(CMAKE_C_FLAGS "${flags}" CACHE STRING "")
set(CMAKE_CXX_FLAGS "${flags} -fno-rtti" CACHE STRING "")
# Relocations of a position-independent program, a bit each instead of 24 bytes: binutils 2.38, glibc 2.36.
set(CMAKE_EXE_LINKER_FLAGS "-flto -Os -Wl,--gc-sections -Wl,-z,pack-relative-relocs" CACHE STRING "")

# Archives whose members are compiled when the program is linked.
find_program(CMAKE_AR gcc-ar)
find_program(CMAKE_RANLIB gcc-ranlib)

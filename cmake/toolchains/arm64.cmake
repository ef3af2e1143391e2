# Raspberry Pi OS of 64 bits:  cmake --preset release --toolchain cmake/toolchains/arm64.cmake
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(debian_triplet aarch64-linux-gnu)
set(debian_qemu aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)

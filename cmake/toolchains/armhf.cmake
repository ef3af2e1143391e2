# Raspberry Pi OS of 32 bits:  cmake --preset release --toolchain cmake/toolchains/armhf.cmake
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(debian_triplet arm-linux-gnueabihf)
set(debian_qemu arm)
include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)

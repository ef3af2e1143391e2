# Cross-building with Debian's compilers and its libraries of the other architecture (multiarch). Included by the
# files beside it, which say which that is.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_CXX_COMPILER ${debian_triplet}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${debian_triplet})
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/${debian_triplet}/pkgconfig:/usr/share/pkgconfig)

# The tests run by qemu's user mode where there is one; Debian 12 calls it qemu-NAME-static.
find_program(snapferry_qemu NAMES qemu-${debian_qemu}-static qemu-${debian_qemu})
if(snapferry_qemu)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${snapferry_qemu})
endif()

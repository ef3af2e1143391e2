# What every target of the project is compiled with.
add_library(snapferry_compiler INTERFACE)
target_include_directories(snapferry_compiler INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_compile_features(snapferry_compiler INTERFACE cxx_std_20)
target_compile_options(snapferry_compiler INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror
  -fstack-protector-strong -fPIE)
# GCC takes the move of a string for a copy that is too long (its bug 105651; 12 and 14 do), and no longer knows
# that this is in a header of the library where that is precompiled. It says so, and goes on; clang knows
# better, and there these are errors like all others.
target_compile_options(snapferry_compiler INTERFACE
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-error=array-bounds;-Wno-error=stringop-overread;-Wno-error=stringop-overflow;-Wno-error=restrict>")
target_link_options(snapferry_compiler INTERFACE -pie -Wl,-z,relro,-z,now -Wl,--as-needed)
target_compile_definitions(snapferry_compiler INTERFACE SPDLOG_FMT_EXTERNAL)
# One source knows it, so that another version does not compile everything anew.
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/core/version.cpp PROPERTIES
  COMPILE_DEFINITIONS SNAPFERRY_VERSION="${PROJECT_VERSION}" SKIP_PRECOMPILE_HEADERS ON)
# Files of more than 2 GiB and times after 2038, which 64-bit machines have anyway. Without them,
# src/sys/machine/wide_types.cpp does not compile.
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  target_compile_definitions(snapferry_compiler INTERFACE _FILE_OFFSET_BITS=64 _TIME_BITS=64)
  # GCC tells of each iterator that GCC 7 changed how it is passed on 32-bit ARM; nothing here is as old.
  target_compile_options(snapferry_compiler INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-psabi>)
endif()

if(SNAPFERRY_SANITIZE)
  target_compile_options(snapferry_compiler INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
    -O1 -g1)  # of what a sanitizer shows, lines are enough
  target_link_options(snapferry_compiler INTERFACE -fsanitize=address,undefined)
else()
  target_compile_options(snapferry_compiler INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
endif()

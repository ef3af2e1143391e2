#include <sys/stat.h>

#include <ctime>

// A 32-bit machine's own types end at files of 2 GiB and at the year 2038: a backup would be cut,
// or its times wrong, without a word. cmake/Compiler.cmake asks for the wide ones.
static_assert(sizeof(off_t) == 8);
static_assert(sizeof(ino_t) == 8);
static_assert(sizeof(blkcnt_t) == 8);
static_assert(sizeof(std::time_t) == 8);
static_assert(sizeof(timespec::tv_sec) == 8);
static_assert(sizeof(decltype(stat::st_size)) == 8);
static_assert(sizeof(decltype(stat::st_mtim)) >= 12);

# How many are compiled at a time. Ninja starts two more than there are processors; each of ours wants up to
# 0.5 GiB (measured: GCC 12 and 14, the largest are those that know CLI11 or JSON), and a Raspberry Pi with 1 GiB
# would swap for hours. So as many as the memory has room for, and never less than one. Linking one program wants a
# fraction of that.
set(SNAPFERRY_JOB_MEMORY 600 CACHE STRING "Memory that is set aside for each compilation at a time, in MiB")

function(snapferry_limit_jobs)
  set(rest_of_the_system 300)  # MiB
  cmake_host_system_information(RESULT memory QUERY TOTAL_PHYSICAL_MEMORY)  # MiB
  cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
  math(EXPR jobs "(${memory} - ${rest_of_the_system}) / ${SNAPFERRY_JOB_MEMORY}")
  math(EXPR wanted "${processors} + 2")
  if(jobs LESS 1)
    set(jobs 1)
  endif()
  if(jobs GREATER_EQUAL wanted)
    message(STATUS "Jobs: as many as the generator starts; ${memory} MiB are enough")
    return()
  endif()
  set_property(GLOBAL PROPERTY JOB_POOLS compile=${jobs} link=1)
  set(CMAKE_JOB_POOL_COMPILE compile PARENT_SCOPE)
  set(CMAKE_JOB_POOL_LINK link PARENT_SCOPE)
  set(CMAKE_JOB_POOL_PRECOMPILE_HEADER compile PARENT_SCOPE)
  if(CMAKE_GENERATOR MATCHES "Ninja")
    message(STATUS "Jobs: ${jobs} compiled at a time, for ${memory} MiB of memory")
  else()
    message(STATUS "Jobs: ${memory} MiB of memory are enough for -j${jobs}, which ${CMAKE_GENERATOR} is to be told")
  endif()
endfunction()

snapferry_limit_jobs()

# Commit.cmake - Writes OUTPUT, the commit of SOURCE as a C++ string. Run at every
# build (cmake -P); a file that stays as it is rebuilds nothing. The string is empty
# where the sources are not a repository of their own, as in an archive.
cmake_minimum_required(VERSION 3.25)
set(commit "")
if(EXISTS ${SOURCE}/.git)
  execute_process(
    COMMAND git -c safe.directory=${SOURCE} --git-dir=${SOURCE}/.git rev-parse --short=12 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
    RESULT_VARIABLE status)
  if(NOT status EQUAL 0 OR NOT commit MATCHES "^[0-9a-f]+$")
    set(commit "")
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "\"@commit@\"\n" @ONLY)

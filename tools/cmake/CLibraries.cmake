# CLibraries.cmake - What emitted programs run on, and what they are linked with.
#
#   TRITC_SYSTEMS                        each is a runtime and a resource folder
#   tritc_target_system(TARGET SYSTEM)   compile TARGET for it
#   tritc_ship_system_files(RESULT SYSTEM FOLDER)
#                                        copy what a static executable takes
#
# A system is spelled as in triples: architecture, kernel, C library. The runtime
# of this machine's own C library is what unit tests link, and `tritc --run`.

set(TRITC_HOST_SYSTEM ${CMAKE_SYSTEM_PROCESSOR}-linux-gnu)
# The architectures that there are targets for.
file(STRINGS ${CMAKE_SOURCE_DIR}/targets/Architectures.def rows
     REGEX "^TRITC_ARCHITECTURE\\(")
list(TRANSFORM rows REPLACE "^[^(]*\\(([^,]+),.*" "\\1"
     OUTPUT_VARIABLE TRITC_ARCHITECTURES)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${CMAKE_SOURCE_DIR}/targets/Architectures.def)
set(TRITC_SYSTEMS ${TRITC_ARCHITECTURES})
list(TRANSFORM TRITC_SYSTEMS APPEND -linux-musl)
list(APPEND TRITC_SYSTEMS ${TRITC_HOST_SYSTEM})

# A row per C library: its files, and GCC's. compiler/codegen/CLibrary.cpp has
# the order in which they are linked.
set(TRITC_FILES_musl rcrt1.o crti.o crtn.o libc.a)
set(TRITC_GCC_FILES_musl crtbeginS.o crtendS.o libgcc.a)
set(TRITC_FILES_gnu rcrt1.o crti.o crtn.o libc.a libm.a libc.so.6 libm.so.6)
set(TRITC_GCC_FILES_gnu crtbeginS.o crtendS.o libgcc.a libgcc_eh.a)

# x86_64-linux-musl: the words x86_64 and musl.
macro(tritc_split_system system)
  string(REGEX MATCH "^([^-]+)-linux-([^-]+)$" _ ${system})
  set(architecture ${CMAKE_MATCH_1})
  set(environment ${CMAKE_MATCH_2})
endmacro()

function(tritc_missing what)
  message(FATAL_ERROR "${what} not found: install the packages that "
                      "tools/dev/setup lists")
endfunction()

# The path of a file of `system`'s C library or of GCC's for its architecture.
function(tritc_system_file result system name)
  tritc_split_system(${system})
  if(environment STREQUAL gnu OR name IN_LIST TRITC_GCC_FILES_${environment})
    execute_process(COMMAND ${CMAKE_CXX_COMPILER}
                            --target=${architecture}-linux-gnu
                            -print-file-name=${name}
                    OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE)
  else()
    set(path /usr/lib/${system}/${name})
  endif()
  if(NOT IS_ABSOLUTE "${path}" OR NOT EXISTS "${path}")
    tritc_missing("${name} for ${system}")
  endif()
  file(REAL_PATH ${path} path)
  # On x86-64 glibc's libm.a is a linker script that names libm-<version>.a by
  # its absolute path; the script would be useless elsewhere.
  file(READ ${path} script LIMIT 512)
  if(script MATCHES "GROUP *\\( *([^ ]*libm-[^ ]*\\.a)")
    set(path ${CMAKE_MATCH_1})
  endif()
  set(${result} ${path} PARENT_SCOPE)
endfunction()

# tritc_ship_system_files(RESULT SYSTEM FOLDER): rules that copy into FOLDER what
# a static executable is linked with; the copies' names are added to RESULT.
function(tritc_ship_system_files result system folder)
  tritc_split_system(${system})
  foreach(name ${TRITC_FILES_${environment}} ${TRITC_GCC_FILES_${environment}})
    tritc_system_file(path ${system} ${name})
    add_custom_command(OUTPUT ${folder}/${name} DEPENDS ${path} VERBATIM
      COMMAND ${CMAKE_COMMAND} -E copy ${path} ${folder}/${name})
    list(APPEND ${result} ${folder}/${name})
  endforeach()
  set(${result} ${${result}} PARENT_SCOPE)
endfunction()

# The folders of C++ headers for an architecture, and the kernel's headers. GCC
# has them beside glibc's, which must not be seen.
function(tritc_headers_without_c result architecture)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER}
                          --target=${architecture}-linux-gnu
                          -x c++ -E -v /dev/null
                  OUTPUT_QUIET ERROR_VARIABLE words)
  string(REGEX MATCH "search starts here:\n(.*)\nEnd of search" _ "${words}")
  string(REGEX REPLACE "[ \n]+" ";" folders "${CMAKE_MATCH_1}")
  set(links ${CMAKE_BINARY_DIR}/runtime/headers/${architecture})
  file(MAKE_DIRECTORY ${links})
  set(plusplus)
  foreach(folder ${folders})
    if(folder MATCHES "/c\\+\\+")
      list(APPEND plusplus ${folder})
    endif()
    foreach(name linux asm asm-generic)
      if(EXISTS ${folder}/${name} AND NOT EXISTS ${links}/${name})
        file(CREATE_LINK ${folder}/${name} ${links}/${name} SYMBOLIC)
      endif()
    endforeach()
  endforeach()
  if(NOT plusplus OR NOT EXISTS ${links}/linux OR NOT EXISTS ${links}/asm)
    tritc_missing("C++ headers for ${architecture}")
  endif()
  # Highway, xxHash and RapidJSON are headers that suit every architecture,
  # their neighbours in the system's include folder do not.
  find_path(TRITC_HIGHWAY hwy/highway.h REQUIRED)
  find_path(TRITC_XXHASH xxhash.h REQUIRED)
  find_path(TRITC_RAPIDJSON rapidjson/reader.h REQUIRED)
  file(CREATE_LINK ${TRITC_HIGHWAY}/hwy ${links}/hwy SYMBOLIC)
  file(CREATE_LINK ${TRITC_XXHASH}/xxhash.h ${links}/xxhash.h SYMBOLIC)
  file(CREATE_LINK ${TRITC_RAPIDJSON}/rapidjson ${links}/rapidjson SYMBOLIC)
  set(${result} ${plusplus} ${links} PARENT_SCOPE)
endfunction()

# The sources that only programs of that system have.
function(tritc_sources_for result system)
  tritc_split_system(${system})
  get_property(sources GLOBAL PROPERTY TRITC_RUNTIME_SOURCES_${environment})
  set(${result} ${sources} PARENT_SCOPE)
endfunction()

function(tritc_target_system target system)
  target_compile_options(${target} PRIVATE ${TRITC_RUNTIME_FLAGS}
                         -fno-sanitize=all)
  if(system STREQUAL TRITC_HOST_SYSTEM)
    return()
  endif()
  tritc_split_system(${system})
  if(NOT EXISTS /usr/include/${system}/stdlib.h)
    tritc_missing("the C library's headers for ${system}")
  endif()
  tritc_headers_without_c(headers ${architecture})
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-resource-dir
                  OUTPUT_VARIABLE clang OUTPUT_STRIP_TRAILING_WHITESPACE)
  # CMake leaves out include folders that the host's compiler knows by itself.
  target_compile_options(${target} PRIVATE --target=${system} -nostdinc)
  foreach(folder ${CMAKE_SOURCE_DIR}/tools/cmake/${environment} ${headers}
          ${clang}/include /usr/include/${system})
    target_compile_options(${target} PRIVATE "SHELL:-isystem ${folder}")
  endforeach()
endfunction()

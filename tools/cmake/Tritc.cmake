# Tritc.cmake - The vocabulary of our CMakeLists.txt files.
#
#   tritc_add_folder(F)            add_subdirectory, if there is something in it
#   tritc_add_reference(P TD)      page of the target `reference`
#   tritc_add_library(N SOURCES)   static library of the compiler's side
#   tritc_add_tool(N SOURCES)      program in <build>/bin
#   tritc_add_unit_test(N SOURCES) GoogleTest program, one ctest entry or more
#   tritc_add_runtime_sources(S)   files of the emitted program's runtime
#
# Everything links the shared libMLIR and libLLVM: a static MLIR*.a beside them
# would put two copies of every option and type id into one program.

# Compiler-side code: LLVM is built without RTTI and exceptions, so are we.
set(TRITC_WARNINGS -Wall -Wextra -Wno-unused-parameter -Wimplicit-fallthrough)
set(TRITC_COMPILER_FLAGS ${TRITC_WARNINGS} -fno-rtti -ffp-contract=off)
if(NOT CMAKE_BUILD_TYPE STREQUAL Release)
  list(APPEND TRITC_COMPILER_FLAGS
       "SHELL:-include ${CMAKE_SOURCE_DIR}/tools/cmake/Statistics.h")
endif()

# What the emitted program's side is compiled with. No libstdc++ is linked
# there, so nothing may need its exceptions, type information or guards.
# fp-contract: the numerics contract allows a fused multiply-add only where it
# is written. signed-char: ARM's default is unsigned.
set(TRITC_RUNTIME_FLAGS ${TRITC_WARNINGS} -O2 -fPIC -ffunction-sections
    -fdata-sections -fno-exceptions -fno-rtti -fno-threadsafe-statics
    -ffp-contract=off -fsigned-char)

include(CLibraries)

if(TRITC_SANITIZE)
  add_compile_options(-fsanitize=${TRITC_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TRITC_SANITIZE})
endif()

separate_arguments(TRITC_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
add_compile_definitions(
  $<$<COMPILE_LANGUAGE:CXX>:TRITC_VERSION="${PROJECT_VERSION}">)

# The precompiled header of every library that speaks MLIR: 11 s once instead of
# 6-10 s per file. Its flags must equal those of the libraries that reuse it.
add_library(tritc_mlir_pch STATIC EXCLUDE_FROM_ALL
            ${CMAKE_SOURCE_DIR}/tools/cmake/Precompiled.cpp)
target_compile_definitions(tritc_mlir_pch PRIVATE ${TRITC_LLVM_DEFINITIONS})
target_compile_options(tritc_mlir_pch PRIVATE ${TRITC_COMPILER_FLAGS}
                       -fno-exceptions "SHELL:-Xclang -fno-pch-timestamp")
target_include_directories(tritc_mlir_pch SYSTEM PRIVATE ${MLIR_INCLUDE_DIRS})
target_precompile_headers(tritc_mlir_pch PRIVATE
                          ${CMAKE_SOURCE_DIR}/tools/cmake/Precompiled.h)

# LLD as a library. Its CMake target drags in static LLVM libraries; the
# archives alone do not.
add_library(tritc_lld INTERFACE)
target_link_libraries(tritc_lld INTERFACE
  ${LLVM_LIBRARY_DIR}/liblldELF.a ${LLVM_LIBRARY_DIR}/liblldCommon.a LLVM
  z zstd)

function(tritc_add_folder folder)
  if(TRITC_ONLY AND CMAKE_CURRENT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR
     AND NOT folder IN_LIST TRITC_ONLY)
    return()
  endif()
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
    add_subdirectory(${folder})
  endif()
endfunction()

# All pages of reference.
add_custom_target(reference ALL)

# tritc_add_reference(PAGE TD option...)
# <build>/reference/PAGE.md, what mlir-tblgen's option says of a .td file.
function(tritc_add_reference page source)
  set(output ${CMAKE_BINARY_DIR}/reference/${page}.md)
  get_filename_component(source ${source} ABSOLUTE)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/reference
    COMMAND ${MLIR_TABLEGEN_EXE} ${ARGN} -I${CMAKE_SOURCE_DIR}
            -I${MLIR_INCLUDE_DIRS} ${source} -o ${output} -d ${output}.d
    DEPENDS ${source} DEPFILE ${output}.d
    COMMENT "Writing reference/${page}.md" VERBATIM)
  add_custom_target(reference-${page} DEPENDS ${output})
  add_dependencies(reference reference-${page})
endfunction()

# tritc_add_library(NAME sources... [DEPENDS targets..] [LINK libraries..]
#                   [MLIR] [EXCEPTIONS])
#   DEPENDS     targets to build first (TableGen output)
#   LINK        libraries, public
#   MLIR        the library includes MLIR: shared header, link libMLIR
#   EXCEPTIONS  for a third-party header that throws; costs the shared header
function(tritc_add_library name)
  cmake_parse_arguments(ARG "MLIR;EXCEPTIONS" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES} ${ARG_UNPARSED_ARGUMENTS})
  tritc_compiler_flags(${name})
  if(ARG_EXCEPTIONS)
    target_compile_options(${name} PRIVATE -fexceptions)
  else()
    target_compile_options(${name} PRIVATE -fno-exceptions)
  endif()
  if(ARG_MLIR)
    target_link_libraries(${name} PUBLIC MLIR)
    if(NOT ARG_EXCEPTIONS)
      target_compile_options(${name} PRIVATE
                             "SHELL:-Xclang -fno-pch-timestamp")
      target_precompile_headers(${name} REUSE_FROM tritc_mlir_pch)
    endif()
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINK} LLVM)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# tritc_add_tool(NAME sources... [LINK libraries..] [DEPENDS targets..])
function(tritc_add_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES} ${ARG_UNPARSED_ARGUMENTS})
  tritc_compiler_flags(${name})
  target_compile_options(${name} PRIVATE -fno-exceptions)
  target_link_libraries(${name} PRIVATE ${ARG_LINK} LLVM)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(TARGET tritc_resources)
    add_dependencies(${name} tritc_resources)
  endif()
endfunction()

# No test needs longer on a slow machine, busy with other tests, than this.
set(TRITC_TEST_SECONDS 120)
if(NOT CMAKE_BUILD_TYPE STREQUAL Release)
  set(TRITC_TEST_SECONDS 1200)
endif()

# tritc_add_unit_test(NAME sources... [SHARDS n] [LINK libraries..] [MLIR]
#                     [EXCEPTIONS])
#   SHARDS  ctest entries NAME-1 to NAME-n, each with an nth of the cases; 1 is
#           one entry NAME
# Every entry leaves GoogleTest's report in test/results/cases.
function(tritc_add_unit_test name)
  cmake_parse_arguments(ARG "MLIR;EXCEPTIONS" "SHARDS" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES} ${ARG_UNPARSED_ARGUMENTS})
  tritc_compiler_flags(${name})
  if(ARG_EXCEPTIONS)
    target_compile_options(${name} PRIVATE -fexceptions)
  else()
    target_compile_options(${name} PRIVATE -fno-exceptions)
  endif()
  # GoogleTest's main comes before the runtime, whose archive has one too.
  target_link_libraries(${name} PRIVATE tritc_gtest_main tritc_gtest
                        ${ARG_LINK})
  if(ARG_MLIR)
    target_link_libraries(${name} PRIVATE MLIR LLVM)
  endif()
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test/unit/bin)
  target_compile_definitions(${name} PRIVATE
    TRITC_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    TRITC_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(NOT ARG_SHARDS)
    set(ARG_SHARDS 1)
  endif()
  foreach(shard RANGE 1 ${ARG_SHARDS})
    set(test ${name})
    if(ARG_SHARDS GREATER 1)
      set(test ${name}-${shard})
    endif()
    math(EXPR index "${shard} - 1")
    set(report xml:${CMAKE_BINARY_DIR}/test/results/cases/${test}.xml)
    add_test(NAME ${test} COMMAND ${name}
             WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    set_tests_properties(${test} PROPERTIES
      TIMEOUT ${TRITC_TEST_SECONDS} LABELS unit ENVIRONMENT
      "GTEST_OUTPUT=${report};GTEST_TOTAL_SHARDS=${ARG_SHARDS};GTEST_SHARD_INDEX=${index}")
  endforeach()
  set_property(GLOBAL APPEND PROPERTY TRITC_UNIT_TESTS ${name})
endfunction()

# tritc_add_runtime_sources(sources... [FOR library] [FLAGS flags..])
#   FOR    only in programs with that C library, as triples spell it
#   FLAGS  extra flags for these files, for example those of one instruction set
function(tritc_add_runtime_sources)
  cmake_parse_arguments(ARG "" "FOR" "FLAGS" ${ARGN})
  set(list TRITC_RUNTIME_SOURCES)
  if(ARG_FOR)
    set(list TRITC_RUNTIME_SOURCES_${ARG_FOR})
  endif()
  foreach(source ${ARG_UNPARSED_ARGUMENTS})
    cmake_path(ABSOLUTE_PATH source)
    set_property(GLOBAL APPEND PROPERTY ${list} ${source})
    if(ARG_FLAGS)
      set_source_files_properties(${source} DIRECTORY
        ${CMAKE_SOURCE_DIR}/runtime PROPERTIES COMPILE_OPTIONS "${ARG_FLAGS}")
    endif()
  endforeach()
endfunction()

function(tritc_compiler_flags name)
  target_compile_definitions(${name} PRIVATE ${TRITC_LLVM_DEFINITIONS})
  target_compile_options(${name} PRIVATE ${TRITC_COMPILER_FLAGS})
endfunction()

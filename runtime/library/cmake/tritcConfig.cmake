# tritcConfig.cmake - find_package(tritc): models as targets of your project.
#
#   find_package(tritc REQUIRED)
#   tritc_add_model(pocket CHECKPOINT models/pocket)
#   target_link_libraries(my-program PRIVATE pocket)
#
# tritc_add_model(NAME CHECKPOINT PATH [SHARED | STATIC | EXECUTABLE]
#                 [TARGETS processor...] [OPTIONS option...])
#   A target NAME that is compiled from PATH, a folder or a file, whenever that
#   changes: a library that has tritc.h and tritc.hpp, shared unless said
#   otherwise, or a program that chats. TARGETS are those of tritc --target=,
#   OPTIONS any other of tritc's. $<TARGET_FILE:NAME> is what is to be installed.
#
# It also gives the targets tritc::compiler, the program, and tritc::headers,
# for programs that load a library by themselves.

# Behind a link of /lib to /usr/lib there is no /include.
get_filename_component(_tritc_prefix "${CMAKE_CURRENT_LIST_DIR}" REALPATH)
get_filename_component(_tritc_prefix "${_tritc_prefix}/../../.." ABSOLUTE)

foreach(_tritc_file bin/tritc include/tritc.h)
  if(NOT EXISTS "${_tritc_prefix}/${_tritc_file}")
    set(tritc_FOUND FALSE)
    set(tritc_NOT_FOUND_MESSAGE "${_tritc_prefix}/${_tritc_file} is missing")
    return()
  endif()
endforeach()

if(NOT TARGET tritc::compiler)
  add_executable(tritc::compiler IMPORTED GLOBAL)
  set_target_properties(tritc::compiler PROPERTIES
                        IMPORTED_LOCATION "${_tritc_prefix}/bin/tritc")
  add_library(tritc::headers INTERFACE IMPORTED GLOBAL)
  set_target_properties(tritc::headers PROPERTIES
                        INTERFACE_INCLUDE_DIRECTORIES "${_tritc_prefix}/include")
endif()

function(tritc_add_model name)
  set(kinds SHARED STATIC EXECUTABLE)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "${kinds}" CHECKPOINT
                        "TARGET;TARGETS;OPTIONS")
  set(where "tritc_add_model(${name})")
  if(ARG_UNPARSED_ARGUMENTS OR ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${where}: expected a value or a keyword: "
                        "${ARG_UNPARSED_ARGUMENTS}${ARG_KEYWORDS_MISSING_VALUES}")
  endif()
  if(NOT ARG_CHECKPOINT)
    message(FATAL_ERROR "${where}: CHECKPOINT is missing")
  endif()
  get_filename_component(checkpoint "${ARG_CHECKPOINT}" ABSOLUTE)
  if(NOT EXISTS "${checkpoint}")
    message(FATAL_ERROR "${where}: ${checkpoint}: no such file or folder")
  endif()
  set(kind "")
  foreach(each ${kinds})
    if(ARG_${each} AND kind)
      message(FATAL_ERROR "${where}: ${kind} and ${each}")
    elseif(ARG_${each})
      set(kind ${each})
    endif()
  endforeach()

  # How it is made: file and options.
  set(emit --emit=lib)
  if(kind STREQUAL EXECUTABLE)
    set(output ${name})
    set(emit --emit=exe)
  elseif(kind STREQUAL STATIC)
    set(output lib${name}.a)
  else()
    set(kind SHARED)
    set(output lib${name}.so)
  endif()
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${output}")
  list(JOIN ARG_TARGETS , targets)
  if(ARG_TARGET)
    list(JOIN ARG_TARGET , targets)
  endif()
  if(targets)
    list(PREPEND ARG_OPTIONS --target=${targets})
  endif()

  # When it is made anew: as files of the checkpoint change, come or go.
  set(files "${checkpoint}")
  if(IS_DIRECTORY "${checkpoint}")
    file(GLOB files CONFIGURE_DEPENDS "${checkpoint}/*")
  endif()
  # By a stamp: a target that depends on a file of another's name and place
  # depends on that target.
  set(stamp "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}_model.stamp")
  add_custom_command(OUTPUT "${stamp}" BYPRODUCTS "${output}"
    COMMAND tritc::compiler "${checkpoint}" ${emit} ${ARG_OPTIONS} -o "${output}"
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS tritc::compiler ${files}
    COMMENT "Compiling the model ${name}" VERBATIM)
  add_custom_target(${name}_model ALL DEPENDS "${stamp}")

  # What it is used as.
  if(kind STREQUAL EXECUTABLE)
    add_executable(${name} IMPORTED GLOBAL)
  else()
    add_library(${name} ${kind} IMPORTED GLOBAL)
    set(needs tritc::headers)
    if(kind STREQUAL STATIC)
      list(APPEND needs pthread m)
    endif()
    set_target_properties(${name} PROPERTIES INTERFACE_LINK_LIBRARIES "${needs}")
  endif()
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION "${output}")
  if(kind STREQUAL SHARED)
    set_target_properties(${name} PROPERTIES IMPORTED_SONAME lib${name}.so)
  endif()
  add_dependencies(${name} ${name}_model)
endfunction()

//===- Export.cpp - A conversation for other programs and for people ------===//

#include "runtime/chat/Export.h"
#include "runtime/chat/Output.h"
#include "runtime/exec/ReplacedFile.h"

using namespace tritc;
using namespace tritc::chat;

static constexpr struct {
  const char *role;    ///< as chat interfaces call it
  const char *heading; ///< for people
} names[] = {
    {"system", "System"}, {"user", "User"}, {"assistant", "Assistant"}};

static void writeJson(const Conversation &conversation, Output &out) {
  const char *separator = "[\n";
  conversation.forEach([&](TritcChatRole role, std::string_view text) {
    out.print("%s  {\"role\": \"%s\", \"content\": ", separator,
              names[role].role);
    writeJsonString(out, text);
    out.write("}");
    separator = ",\n";
  });
  out.write(*separator == '[' ? "[]\n" : "\n]\n");
}

static void writeMarkdown(std::string_view model,
                          const Conversation &conversation, Output &out) {
  out.write("# Conversation with ");
  writeEscaped(out, model);
  out.write("\n");
  conversation.forEach([&](TritcChatRole role, std::string_view text) {
    out.print("\n## %s\n\n", names[role].heading);
    out.write(text);
    out.write("\n");
  });
}

base::Failure chat::exportConversation(std::string_view path,
                                       std::string_view model,
                                       const Conversation &conversation) {
  base::Array<char> text;
  {
    Output out(text);
    if (path.ends_with(".json"))
      writeJson(conversation, out);
    else
      writeMarkdown(model, conversation, out);
  }
  exec::ReplacedFile file(path);
  file.write(text.view());
  return file.keep();
}

//===- ChatTemplateTest.cpp - Templates as prefixes and suffixes ----------===//

#include "compiler/import/ChatTemplate.h"
#include "test/unit/import/TestFiles.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::import {
namespace {

constexpr unsigned S = unsigned(Role::System), U = unsigned(Role::User),
                   A = unsigned(Role::Assistant);

const SpecialTexts llamaTexts = {"<|begin_of_text|>", "<|eot_id|>"};

llvm::Expected<ChatTemplate> recognise(llvm::StringRef jinja) {
  return recogniseChatTemplate(jinja, "tokenizer_config.json", llamaTexts);
}

/// Name of the recognised template, with "+trim" or "-trim"; or the error.
std::string nameOf(llvm::StringRef jinja) {
  llvm::Expected<ChatTemplate> chat = recognise(jinja);
  if (!chat)
    return toFailure(chat.takeError()).message;
  return chat->name + (chat->trimsContent ? "+trim" : "-trim");
}

const char bitnet[] =
    "{% set loop_messages = messages %}{% for message in loop_messages %}{% "
    "set content = message['role'] | capitalize + ': '+ message['content'] | "
    "trim + '<|eot_id|>' %}{{ content }}{% endfor %}{% if "
    "add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}";

const char llama3[] =
    "{% set loop_messages = messages %}{% for message in loop_messages %}{% "
    "set content = '<|start_header_id|>' + message['role'] + "
    "'<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if "
    "loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ "
    "content }}{% endfor %}{% if add_generation_prompt %}{{ "
    "'<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}";

const char chatml[] =
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + "
    "message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if "
    "add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

//===----------------------------------------------------------------------===//
// Known templates
//===----------------------------------------------------------------------===//

TEST(ChatTemplate, bitnet_pieces) {
  llvm::Expected<ChatTemplate> chat = recognise(bitnet);
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_EQ(chat->name, "bitnet");
  EXPECT_EQ(chat->prefix[S], "System: ");
  EXPECT_EQ(chat->prefix[U], "User: ");
  EXPECT_EQ(chat->prefix[A], "Assistant: ");
  for (unsigned role : {S, U, A})
    EXPECT_EQ(chat->suffix[role], "<|eot_id|>");
  EXPECT_TRUE(chat->trimsContent);
  EXPECT_TRUE(chat->hasTemplate);
}

TEST(ChatTemplate, llama3_pieces) {
  llvm::Expected<ChatTemplate> chat = recognise(llama3);
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_EQ(chat->name, "llama3");
  EXPECT_EQ(chat->prefix[U], "<|start_header_id|>user<|end_header_id|>\n\n");
  EXPECT_EQ(chat->suffix[U], "<|eot_id|>");
  EXPECT_TRUE(chat->trimsContent);
}

TEST(ChatTemplate, chatml_pieces) {
  llvm::Expected<ChatTemplate> chat = recognise(chatml);
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_EQ(chat->name, "chatml");
  EXPECT_EQ(chat->prefix[A], "<|im_start|>assistant\n");
  EXPECT_EQ(chat->suffix[A], "<|im_end|>\n");
  EXPECT_FALSE(chat->trimsContent);
}

TEST(ChatTemplate, every_known_name_has_its_pieces) {
  for (auto [name, jinja] :
       {std::pair("bitnet", bitnet), {"llama3", llama3}, {"chatml", chatml}}) {
    std::optional<ChatTemplate> byName = chatTemplateByName(name);
    ASSERT_TRUE(byName.has_value()) << name;
    llvm::Expected<ChatTemplate> recognised = recognise(jinja);
    ASSERT_TRUE(bool(recognised));
    EXPECT_EQ(byName->prefix, recognised->prefix);
    EXPECT_EQ(byName->suffix, recognised->suffix);
    EXPECT_EQ(byName->trimsContent, recognised->trimsContent);
    EXPECT_TRUE(llvm::StringRef(chatTemplateNames()).contains(name));
  }
  EXPECT_FALSE(chatTemplateByName("none")->hasTemplate);
  EXPECT_FALSE(chatTemplateByName("odd").has_value());
}

//===----------------------------------------------------------------------===//
// The same template in other words
//===----------------------------------------------------------------------===//

TEST(ChatTemplate, white_space_and_names_do_not_matter) {
  EXPECT_EQ(nameOf(R"({%- for m in messages %}
    {{- m.role | capitalize }}: {{ m.content.strip() -}} <|eot_id|>
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{ "Assistant: " }}
{%- endif %})"),
            "bitnet+trim");
}

TEST(ChatTemplate, branches_per_role_do_not_matter) {
  EXPECT_EQ(nameOf(R"({% for message in messages %}
{% if message['role'] == 'user' %}
{{- '<|im_start|>user\n' + message['content'] + '<|im_end|>\n' -}}
{% elif message['role'] == 'system' %}
{{- '<|im_start|>system\n' + message['content'] + '<|im_end|>\n' -}}
{% else %}
{{- '<|im_start|>assistant\n' ~ message['content'] ~ '<|im_end|>\n' -}}
{% endif %}
{% endfor %}
{{- '<|im_start|>assistant\n' if add_generation_prompt else '' }})"),
            "chatml-trim");
}

/// Pitfall 13: a template and a tokenizer that both begin with BOS make two.
TEST(ChatTemplate, a_leading_bos_is_ignored) {
  EXPECT_EQ(nameOf("{{ bos_token }}" + std::string(bitnet)), "bitnet+trim");
}

TEST(ChatTemplate, two_leading_bos_are_not) {
  EXPECT_NE(nameOf("{{ bos_token }}{{ bos_token }}" + std::string(bitnet)),
            "bitnet+trim");
}

TEST(ChatTemplate, trimming_is_found_out) {
  std::string text = bitnet;
  text.erase(text.find(" | trim"), 7);
  EXPECT_EQ(nameOf(text), "bitnet-trim");
}

//===----------------------------------------------------------------------===//
// Templates without a name
//===----------------------------------------------------------------------===//

/// As Falcon3's: another end for answers, and for the last one yet another.
const char falcon3[] =
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ "
    "'<|system|>\n' + message['content'] + '\n' }}{% elif message['role'] == "
    "'user' %}{{ '<|user|>\n' + message['content'] + '\n' }}{% elif "
    "message['role'] == 'assistant' %}{% if not loop.last %}{{ "
    "'<|assistant|>\n' + message['content'] + eos_token + '\n' }}{% else %}{{ "
    "'<|assistant|>\n' + message['content'] + eos_token }}{% endif %}{% endif "
    "%}{% if loop.last and add_generation_prompt %}{{ '<|assistant|>\n' }}{% "
    "endif %}{% endfor %}";

TEST(ChatTemplate, pieces_are_found_where_no_name_fits) {
  llvm::Expected<ChatTemplate> chat = recognise(falcon3);
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_EQ(chat->name, "own");
  EXPECT_EQ(chat->prefix[S], "<|system|>\n");
  EXPECT_EQ(chat->suffix[S], "\n");
  EXPECT_EQ(chat->prefix[U], "<|user|>\n");
  EXPECT_EQ(chat->suffix[U], "\n");
  EXPECT_EQ(chat->prefix[A], "<|assistant|>\n");
  EXPECT_EQ(chat->suffix[A], "<|eot_id|>\n");
  EXPECT_FALSE(chat->trimsContent);
  EXPECT_FALSE(chat->startsWithBos);
  EXPECT_TRUE(
      recognise("{{ bos_token }}" + std::string(falcon3))->startsWithBos);
}

void expectReason(llvm::StringRef jinja, const char *reason) {
  EXPECT_FAILURE(recognise(jinja), ExitCode::Unreadable, reason);
}

TEST(ChatTemplate, says_what_it_does_not_understand) {
  std::string body = "{{ m['role'] + ':' + m['content'] + ';' }}";
  std::string loop = "{% for m in messages %}", end = "{% endfor %}";
  std::string prompt = "{% if add_generation_prompt %}assistant:{% endif %}";
  expectReason(loop + body + end, "nothing marks the beginning of an answer");
  expectReason(loop + "{% if m['role'] != 'system' %}" + body + "{% endif %}" +
                   end + prompt,
               "leaves out the system message");
  expectReason(loop + "{{ m['content'] | upper }}" + end + prompt,
               "leaves out or changes contents");
  expectReason(loop + "{{ m['role'] + m['content'].replace(' ', '') + ';' }}" +
                   end + prompt,
               "as a prefix, the content and a suffix");
  expectReason("{% macro m() %}{% endmacro %}", "macro");
}

//===----------------------------------------------------------------------===//
// Look-alikes
//===----------------------------------------------------------------------===//

void expectUnknown(llvm::StringRef jinja) {
  EXPECT_FAILURE(recognise(jinja), ExitCode::Unreadable,
                 "tokenizer_config.json: chat_template: unknown template (");
  EXPECT_FAILURE(recognise(jinja), ExitCode::Unreadable,
                 "choose one with --chat-template=bitnet|llama3|chatml|falcon3|"
                 "none or a file");
}

/// Pitfall 21: a reader took every template with these words for Falcon-E's.
TEST(ChatTemplate, pitfall_words_inside_are_no_proof) {
  expectUnknown("{% for message in messages %}{{ message['role'] + '\\n' + "
                "message['content'] + '\\n' }}{% endfor %}assistant\\n");
  expectUnknown("<|im_start|>user assistant <|im_end|> <|start_header_id|> "
                "<|eot_id|>");
}

/// The template embedded in some converted files: the model never stops.
TEST(ChatTemplate, pitfall_human_and_bitnet_assistant) {
  expectUnknown(
      "{{ bos_token }}{% for message in messages %}{% if message['role'] == "
      "'user' %}{{ 'Human: ' + message['content'] + '\\n\\nBITNETAssistant: ' "
      "+ eos_token }}{% elif message['role'] == 'assistant' %}{{ "
      "message['content'] + eos_token }}{% endif %}{% endfor %}");
}

/// Qwen's, for one.
const char defaultSystem[] =
    "{% for message in messages %}{% if loop.first and "
    "messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\n"
    "You are a helpful assistant.<|im_end|>\\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\\n' + "
    "message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
    "{% if add_generation_prompt %}"
    "{{ '<|im_start|>assistant\\n' }}{% endif %}";

TEST(ChatTemplate, a_default_system_message_is_a_piece) {
  for (std::string guard :
       {"", "{% for m in messages %}{% if loop.index0 > 0 and m['role'] == "
            "messages[loop.index0 - 1]['role'] %}{{ raise_exception('roles') "
            "}}{% endif %}{% endfor %}"}) {
    llvm::Expected<ChatTemplate> chat = recognise(guard + defaultSystem);
    ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
    EXPECT_EQ(chat->name, "own");
    EXPECT_EQ(chat->withoutSystem, "<|im_start|>system\nYou are a helpful "
                                   "assistant.<|im_end|>\n");
    EXPECT_EQ(chat->prefix[S], "<|im_start|>system\n");
    EXPECT_EQ(chat->suffix[S], "<|im_end|>\n");
    EXPECT_EQ(chat->prefix[U], "<|im_start|>user\n");
    EXPECT_EQ(chat->suffix[U], "<|im_end|>\n");
    EXPECT_EQ(chat->prefix[A], "<|im_start|>assistant\n");
    EXPECT_EQ(chat->suffix[A], "<|im_end|>\n");
  }
}

TEST(ChatTemplate, text_in_front_of_every_conversation_is_two_pieces) {
  llvm::Expected<ChatTemplate> chat = recognise(
      "Rules.\n{% for m in messages %}{{ m['role'] + ':' + m['content'] + ';' "
      "}}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}");
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_EQ(chat->withoutSystem, "Rules.\n");
  EXPECT_EQ(chat->prefix[S], "Rules.\nsystem:");
  EXPECT_EQ(chat->prefix[U], "user:");
}

TEST(ChatTemplate, rejects_a_default_that_depends_on_more) {
  expectUnknown("{% if messages | length > 2 %}Long.{% endif %}"
                "{% for m in messages %}{{ m['role'] + ':' + m['content'] + "
                "';' }}{% endfor %}assistant:");
}

TEST(ChatTemplate, one_missing_character_is_another_template) {
  for (std::string text : {std::string(bitnet), std::string(llama3)}) {
    text.erase(text.find("<|eot_id|>"), 1);
    EXPECT_EQ(nameOf(text), "own+trim");
  }
}

TEST(ChatTemplate, rejects_a_template_that_drops_the_system_message) {
  expectUnknown(
      "{% for message in messages %}{% if message['role'] != 'system' %}{{ "
      "message['role'] | capitalize + ': ' + message['content'] | trim + "
      "'<|eot_id|>' }}{% endif %}{% endfor %}Assistant: ");
}

TEST(ChatTemplate, rejects_a_template_that_cuts_the_content) {
  expectUnknown(
      "{% for message in messages %}{{ message['role'] | capitalize + ': ' + "
      "message['content'].split('</think>')[-1] | trim + '<|eot_id|>' }}"
      "{% endfor %}Assistant: ");
}

TEST(ChatTemplate, rejects_what_it_cannot_evaluate) {
  expectUnknown("{% macro m() %}{% endmacro %}");
  expectUnknown("{{ strftime_now('%d %b %Y') }}");
  expectUnknown("{% if");
  expectUnknown("");
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

llvm::Expected<ChatTemplate>
readFiles(const std::string &config,
          std::optional<llvm::StringRef> jinja = std::nullopt) {
  return readChatTemplateFiles(config, "tokenizer_config.json", jinja,
                               "chat_template.jinja");
}

std::string quoted(llvm::StringRef text) {
  std::string out;
  llvm::raw_string_ostream(out) << llvm::json::Value(text);
  return out;
}

std::string templateName(llvm::Expected<ChatTemplate> chat) {
  return chat ? chat->name : toFailure(chat.takeError()).message;
}

TEST(TokenizerConfig, template_as_a_string) {
  EXPECT_EQ(templateName(readFiles("{\"chat_template\":" + quoted(llama3) +
                                   ",\"bos_token\":\"<|begin_of_text|>\"}")),
            "llama3");
}

TEST(TokenizerConfig, bos_as_an_object) {
  EXPECT_EQ(templateName(readFiles("{\"chat_template\":" + quoted(llama3) +
                                   ",\"bos_token\":{\"content\":\"<s>\"}}")),
            "llama3");
}

TEST(TokenizerConfig, no_template_is_none) {
  EXPECT_EQ(templateName(readFiles("{}")), "none");
  EXPECT_EQ(templateName(readFiles("{\"chat_template\":null}")), "none");
}

TEST(TokenizerConfig, list_of_templates) {
  std::string named =
      "{\"name\":\"default\",\"template\":" + quoted(chatml) + "}";
  std::string other = "{\"name\":\"rag\",\"template\":\"x\"}";
  EXPECT_EQ(templateName(
                readFiles("{\"chat_template\":[" + other + "," + named + "]}")),
            "chatml");
  EXPECT_EQ(templateName(readFiles("{\"chat_template\":[{\"name\":\"chat\","
                                   "\"template\":" +
                                   quoted(chatml) + "}]}")),
            "chatml");
  EXPECT_FAILURE(readFiles("{\"chat_template\":[" + other + "," + other + "]}"),
                 ExitCode::Unreadable, "--chat-template=");
  EXPECT_FAILURE(readFiles("{\"chat_template\":[7]}"), ExitCode::Unreadable,
                 "--chat-template=");
}

TEST(TokenizerConfig, a_jinja_file_comes_first) {
  EXPECT_EQ(templateName(readFiles("{\"chat_template\":\"odd\"}",
                                   llvm::StringRef(chatml))),
            "chatml");
  EXPECT_FAILURE(readFiles("{}", llvm::StringRef("odd")), ExitCode::Unreadable,
                 "chat_template.jinja: chat_template: unknown template");
}

TEST(TokenizerConfig, rejects_wrong_types) {
  EXPECT_FAILURE(readFiles("{\"chat_template\":7}"), ExitCode::Malformed,
                 "chat_template: expected a string or a list, found 7");
  EXPECT_FAILURE(readFiles("{\"bos_token\":7}"), ExitCode::Malformed,
                 "bos_token: expected a string, found 7");
  EXPECT_FAILURE(readFiles("["), ExitCode::Malformed, "malformed JSON");
}

} // namespace
} // namespace tritc::import

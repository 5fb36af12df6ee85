//===- ChatTemplateTest.cpp - Templates as prefixes and suffixes ----------===//

#include "compiler/import/template/ChatTemplate.h"
#include "runtime/abi/ChatTemplate.h"
#include "test/unit/import/TestFiles.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::import {
namespace {

const SpecialTexts llamaTexts = {{"bos_token", "<|begin_of_text|>"},
                                 {"eos_token", "<|eot_id|>"}};

llvm::Expected<ChatTemplate> recognise(llvm::StringRef jinja) {
  return recogniseChatTemplate(jinja, "tokenizer_config.json", llamaTexts);
}

bool trims(const ChatTemplate &chat) {
  return chat.turns[0].trims.firstUser.leading == TRITC_ALL_SPACES;
}

/// A conversation of `users` messages u1, u2, .. with answers a1, .. as text,
/// or the error.
std::string shown(llvm::Expected<ChatTemplate> chat, bool hasSystem,
                  unsigned users) {
  if (!chat)
    return toFailure(chat.takeError()).message;
  std::string text;
  tritc_walk_chat(
      *chat, hasSystem, users, [&](llvm::StringRef piece) { text += piece; },
      [&](TritcChatRole role, uint32_t index, const TritcTrim &) {
        text += role == TritcSystem ? "S"
                                    : (role == TritcUser ? "u" : "a") +
                                          std::to_string(index + 1);
      });
  return text;
}

/// Name of the recognised template, with "+trim" or "-trim"; or the error.
std::string nameOf(llvm::StringRef jinja) {
  llvm::Expected<ChatTemplate> chat = recognise(jinja);
  if (!chat)
    return toFailure(chat.takeError()).message;
  return chat->name + (trims(*chat) ? "+trim" : "-trim");
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
  EXPECT_EQ(nameOf(bitnet), "bitnet+trim");
  EXPECT_EQ(shown(recognise(bitnet), true, 2),
            "System: S<|eot_id|>User: u1<|eot_id|>Assistant: a1<|eot_id|>"
            "User: u2<|eot_id|>Assistant: ");
}

TEST(ChatTemplate, llama3_pieces) {
  EXPECT_EQ(nameOf(llama3), "llama3+trim");
  EXPECT_EQ(shown(recognise(llama3), false, 1),
            "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nu1"
            "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n");
}

TEST(ChatTemplate, chatml_pieces) {
  EXPECT_EQ(nameOf(chatml), "chatml-trim");
  EXPECT_EQ(shown(recognise(chatml), false, 2),
            "<|im_start|>user\nu1<|im_end|>\n<|im_start|>assistant\na1"
            "<|im_end|>\n<|im_start|>user\nu2<|im_end|>\n<|im_start|>"
            "assistant\n");
}

TEST(ChatTemplate, every_known_name_has_its_pieces) {
  for (auto [name, jinja] :
       {std::pair("bitnet", bitnet), {"llama3", llama3}, {"chatml", chatml}}) {
    std::optional<ChatTemplate> byName = chatTemplateByName(name);
    ASSERT_TRUE(byName.has_value()) << name;
    llvm::Expected<ChatTemplate> recognised = recognise(jinja);
    ASSERT_TRUE(bool(recognised));
    EXPECT_EQ(byName->turns[1].pieces[TRITC_CHAT_TO_USER],
              recognised->turns[1].pieces[TRITC_CHAT_TO_USER]);
    EXPECT_EQ(trims(*byName), trims(*recognised));
    EXPECT_TRUE(llvm::StringRef(chatTemplateNames()).contains(name));
  }
  EXPECT_FALSE(chatTemplateByName("none")->rules.hasTemplate);
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

/// A name is only a name: what the template begins with stays.
TEST(ChatTemplate, a_leading_bos_is_kept_whatever_the_name) {
  EXPECT_EQ(nameOf("{{ bos_token }}" + std::string(bitnet)), "bitnet+trim");
  EXPECT_EQ(shown(recognise("{{ bos_token }}" + std::string(chatml)), false, 1),
            "<|begin_of_text|><|im_start|>user\nu1<|im_end|>\n<|im_start|>"
            "assistant\n");
}

TEST(ChatTemplate, two_leading_bos_are_not) {
  EXPECT_NE(nameOf("{{ bos_token }}{{ bos_token }}" + std::string(bitnet)),
            "bitnet+trim");
}

TEST(ChatTemplate, trimming_is_found_out) {
  std::string text = bitnet;
  text.erase(text.find(" | trim"), 7);
  EXPECT_EQ(nameOf(text), "own-trim"); // not what the name stands for
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
  EXPECT_EQ(nameOf(falcon3), "own-trim");
  EXPECT_EQ(shown(recognise(falcon3), true, 2),
            "<|system|>\nS\n<|user|>\nu1\n<|assistant|>\na1<|eot_id|>\n"
            "<|user|>\nu2\n<|assistant|>\n");
}

void expectReason(llvm::StringRef jinja, const char *reason) {
  EXPECT_FAILURE(recognise(jinja), ExitCode::Unreadable, reason);
}

TEST(ChatTemplate, says_what_it_does_not_understand) {
  std::string body = "{{ m['role'] + ':' + m['content'] + ';' }}";
  std::string loop = "{% for m in messages %}", end = "{% endfor %}";
  std::string prompt = "{% if add_generation_prompt %}assistant:{% endif %}";
  expectReason(loop + body + end, "nothing marks the beginning of an answer");
  expectReason(loop + "{{ m['content'] | upper }}" + end + prompt,
               "leaves out or changes contents");
  expectReason(loop + "{{ m['role'] + m['content'].replace(' ', '') + ';' }}" +
                   end + prompt,
               "more than roles and positions");
  expectReason(loop + "{{ m['role'] + m['content'].replace('a', 'b') + ';' }}" +
                   end + prompt,
               "more than roles and positions");
  expectReason("{% include 'x' %}", "include");
}

//===----------------------------------------------------------------------===//
// Other shapes
//===----------------------------------------------------------------------===//

const std::string assistantPrompt =
    "{% if add_generation_prompt %}<assistant>{% endif %}";

/// As Gemma's: the system text belongs to the user's first message.
TEST(ChatTemplate, a_system_text_may_stand_in_the_first_message) {
  EXPECT_EQ(
      shown(recognise("{% if messages[0].role == 'system' %}{% set s = "
                      "messages[0].content + '\n\n' %}{% set messages = "
                      "messages[1:] %}{% else %}{% set s = '' %}{% endif %}"
                      "{% for m in messages %}<{{ m.role }}>{{ s if loop.first "
                      "}}{{ m.content | trim }};{% endfor %}" +
                      assistantPrompt),
            true, 2),
      "<user>S\n\nu1;<assistant>a1;<user>u2;<assistant>");
}

/// As Mistral's: it moves with the conversation.
TEST(ChatTemplate, a_system_text_may_stand_in_the_last_message) {
  llvm::Expected<ChatTemplate> chat = recognise(
      "{% if messages[0].role == 'system' %}{% set s = messages[0].content %}"
      "{% set messages = messages[1:] %}{% endif %}{% for m in messages %}"
      "{% if m.role == 'user' %}[I]{% if loop.last and s is defined %}"
      "{{ s + '\n' }}{% endif %}{{ m.content }}[/I]{% else %} {{ m.content }}!"
      "{% endif %}{% endfor %}");
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_EQ(shown(*chat, true, 2), "[I]u1[/I] a1![I]S\nu2[/I]");
  EXPECT_EQ(shown(*chat, true, 1), "[I]S\nu1[/I]");
}

/// As Llama 2's: what is stripped is a message with the system text in it.
TEST(ChatTemplate, stripping_may_reach_the_piece_in_front) {
  llvm::Expected<ChatTemplate> chat = recognise(
      "{% if messages[0].role == 'system' %}{% set s = '<' + "
      "messages[0].content + '>\n\n' %}{% set messages = messages[1:] %}"
      "{% else %}{% set s = '' %}{% endif %}{% for m in messages %}{% if "
      "m.role "
      "== 'user' %}[I] {{ ((s if loop.first else '') + m.content).strip() }} "
      "[/I]{% else %} {{ m.content.strip() }} </s>{% endif %}{% endfor %}");
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_TRUE(chat->turns[1].trims.firstUser.reachesBack);
  EXPECT_EQ(chat->turns[1].trims.firstUser.leading, 0u);
  EXPECT_EQ(chat->turns[0].trims.firstUser.leading, TRITC_ALL_SPACES);
  EXPECT_EQ(chat->remark, "");
}

/// As Phi 4's and the first Llama 3's.
TEST(ChatTemplate, the_beginning_of_an_answer_need_not_be_asked_for) {
  EXPECT_EQ(shown(recognise("{% for m in messages %}{% if m.role == "
                            "'assistant' %}{{ m.content }}.{% else %}"
                            "<{{ m.role }}>{{ m.content }}.{% endif %}{% if "
                            "m.role == 'user' %}<assistant>{% endif %}"
                            "{% endfor %}"),
                  false, 2),
            "<user>u1.<assistant>a1.<user>u2.<assistant>");
}

TEST(ChatTemplate, answers_may_begin_in_another_way_than_past_ones) {
  EXPECT_EQ(shown(recognise("{% for m in messages %}<{{ m.role }}>"
                            "{{ m.content }}{% endfor %}{% if "
                            "add_generation_prompt %}<assistant><think>\n"
                            "{% endif %}"),
                  false, 2),
            "<user>u1<assistant>a1<user>u2<assistant><think>\n");
}

TEST(ChatTemplate, a_template_without_a_system_role_takes_none) {
  for (std::string refusal :
       {"{{ raise_exception('no system') }}", "{% set messages = "
                                              "messages[1:] %}"}) {
    llvm::Expected<ChatTemplate> chat = recognise(
        "{% if messages[0].role == 'system' %}" + refusal +
        "{% endif %}{% for m in messages %}<{{ m.role }}>{{ m.content }}"
        "{% endfor %}" +
        assistantPrompt);
    ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
    EXPECT_FALSE(chat->rules.takesSystem);
    EXPECT_EQ(chat->remark, "");
  }
}

/// As Qwen 3's and DeepSeek R1's.
TEST(ChatTemplate, thoughts_may_be_cut_off_past_answers) {
  for (std::string last : {"", " and not loop.last"}) {
    llvm::Expected<ChatTemplate> chat = recognise(
        "{% for m in messages %}{% set c = m.content %}{% if m.role == "
        "'assistant' and '</think>' in c" +
        last +
        " %}{% set c = c.split('</think>')[-1].lstrip('\n') %}{% endif %}"
        "<{{ m.role }}>{{ c }}{% endfor %}" +
        assistantPrompt);
    ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
    EXPECT_EQ(chat->cutAfter, "</think>");
    EXPECT_FALSE(chat->rules.sparesLast);
    EXPECT_EQ(chat->turns[0].trims.cutAnswer.leading, 1u << 1); // '\n'
    EXPECT_EQ(chat->turns[0].trims.answer.leading, 0u);
  }
}

TEST(ChatTemplate, the_last_answer_may_keep_its_thoughts) {
  llvm::Expected<ChatTemplate> chat = recognise(
      "{% for m in messages %}{% set c = m.content %}{% if m.role == "
      "'assistant' and loop.index0 < messages | length - 2 %}{% set c = "
      "c.split('</think>')[-1] %}{% endif %}<{{ m.role }}>{{ c }}{% endfor %}" +
      assistantPrompt);
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_TRUE(chat->rules.sparesLast);
}

/// As Llama 3.2's: the day is that of the chat.
TEST(ChatTemplate, a_time_is_a_format_in_a_piece) {
  std::string body = "{% for m in messages %}<{{ m.role }}>{{ m.content }}"
                     "{% endfor %}" +
                     assistantPrompt;
  EXPECT_EQ(
      shown(recognise("{{ strftime_now('%d %b %Y') }};" + body), false, 1),
      "\xff%d %b %Y\xff;<user>u1<assistant>");
  expectReason("{{ strftime_now('%d %b')[:2] }};" + body,
               "roles and positions");
  expectReason("{{ strftime_now('%d %b') | upper }};" + body, "");
}

TEST(ChatTemplate, a_branch_for_tools_need_not_be_understood) {
  EXPECT_EQ(nameOf("{% if tools %}{% include 'x' %}{{ 1 ? 2 }}{% endif %}" +
                   std::string(chatml)),
            "chatml-trim");
}

TEST(ChatTemplate, contents_of_rules_of_their_own_are_told) {
  llvm::Expected<ChatTemplate> chat = recognise(
      "{% for m in messages %}<{{ m.role }}>{{ m.content.replace('/think', '') "
      "if m.role == 'user' else m.content }}{% endfor %}" +
      assistantPrompt);
  EXPECT_FALSE(bool(chat));
  llvm::consumeError(chat.takeError());
  chat = recognise("{% for m in messages %}<{{ m.role }}>{% if "
                   "m.content.startswith('/no') %}off{% endif %}{{ m.content }}"
                   "{% endfor %}" +
                   assistantPrompt);
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_TRUE(llvm::StringRef(chat->remark).contains("\"/no\""));
}

TEST(ChatTemplate, an_empty_system_message_may_count_as_none) {
  llvm::Expected<ChatTemplate> chat =
      recognise("{% for m in messages %}{% if m.role != 'system' or m.content "
                "%}<{{ m.role }}>{{ m.content }}{% endif %}{% endfor %}" +
                assistantPrompt);
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_TRUE(chat->rules.emptyIsNone);
  EXPECT_FALSE(chat->rules.blankIsNone);
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
  EXPECT_EQ(nameOf("{% for message in messages %}{{ message['role'] + '\\n' + "
                   "message['content'] + '\\n' }}{% endfor %}assistant\\n"),
            "own-trim");
  expectUnknown("<|im_start|>user assistant <|im_end|> <|start_header_id|> "
                "<|eot_id|>");
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
    EXPECT_EQ(shown(recognise(guard + defaultSystem), false, 1),
              "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
              "<|im_start|>user\nu1<|im_end|>\n<|im_start|>assistant\n");
    EXPECT_EQ(shown(recognise(guard + defaultSystem), true, 1),
              "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nu1"
              "<|im_end|>\n<|im_start|>assistant\n");
  }
}

TEST(ChatTemplate, text_in_front_of_every_conversation_is_a_piece) {
  llvm::Expected<ChatTemplate> chat = recognise(
      "Rules.\n{% for m in messages %}{{ m['role'] + ':' + m['content'] + ';' "
      "}}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}");
  ASSERT_TRUE(bool(chat)) << toFailure(chat.takeError()).message;
  EXPECT_EQ(shown(*chat, false, 1), "Rules.\nuser:u1;assistant:");
  EXPECT_EQ(shown(*chat, true, 1), "Rules.\nsystem:S;user:u1;assistant:");
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

TEST(ChatTemplate, rejects_a_template_that_cuts_the_content) {
  expectUnknown(
      "{% for message in messages %}{{ message['role'] | capitalize + ': ' + "
      "message['content'].split('</think>')[-1] | trim + '<|eot_id|>' }}"
      "{% endfor %}Assistant: ");
}

TEST(ChatTemplate, rejects_what_it_cannot_evaluate) {
  expectUnknown("{% macro m() %}{% endmacro %}");
  expectUnknown("{{ strftime_now(7) }}");
  expectUnknown("{% if");
  expectUnknown("");
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

llvm::Expected<ChatTemplate>
readFiles(const std::string &config,
          std::optional<llvm::StringRef> jinja = std::nullopt) {
  llvm::Expected<SpecialTexts> special =
      readSpecialTexts(config, "tokenizer_config.json");
  if (!special)
    return special.takeError();
  return readChatTemplateFiles(config, "tokenizer_config.json", jinja,
                               "chat_template.jinja", *special);
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

TEST(TokenizerConfig, an_older_directory_has_a_map_of_special_tokens) {
  auto beginOf = [](llvm::StringRef config, llvm::StringRef map) {
    llvm::Expected<SpecialTexts> special =
        readSpecialTexts(config, "tokenizer_config.json", map);
    return special ? (*special)["bos_token"]
                   : toFailure(special.takeError()).message;
  };
  llvm::StringRef map = R"({"bos_token": {"content": "<s>"}})";
  EXPECT_EQ(beginOf("{}", map), "<s>");
  EXPECT_EQ(beginOf(R"({"bos_token": "<b>"})", map), "<s>");
  EXPECT_EQ(beginOf(R"({"bos_token": "<b>", "added_tokens_decoder": {}})", map),
            "<b>");
  EXPECT_EQ(beginOf(R"({"bos_token": "<b>"})", "{}"), "<b>");
  EXPECT_EQ(beginOf("{}", R"({"bos_token": 7})"),
            "special_tokens_map.json: bos_token: expected a string, found 7");
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

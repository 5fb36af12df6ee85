//===- JinjaTest.cpp - The part of Jinja that chat templates use ----------===//

#include "compiler/import/Jinja.h"
#include "test/unit/import/TestFiles.h"

namespace tritc::import::jinja {
namespace {

llvm::Expected<std::string> tryRender(llvm::StringRef text) {
  llvm::Expected<Template> program = Template::parse(text);
  if (!program)
    return program.takeError();
  auto message = [](const char *role, const char *content) {
    return Value::of(Value::Mapping{{"role", Value::of(role)},
                                    {"content", Value::of(content)}});
  };
  return program->render(
      {{"messages",
        Value::of(Value::List{message("system", " S "), message("user", "U"),
                              message("assistant", "A")})},
       {"yes", Value::of(true)},
       {"nothing", Value::none()},
       {"name", Value::of("wOrLD")}});
}

std::string render(llvm::StringRef text) {
  llvm::Expected<std::string> result = tryRender(text);
  return result ? *result : toFailure(result.takeError()).message;
}

TEST(Jinja, text_stays_as_it_is) {
  EXPECT_EQ(render("a { b } % c\nd"), "a { b } % c\nd");
}

TEST(Jinja, one_newline_at_the_end_does_not_count) {
  EXPECT_EQ(render("a\n"), "a");
  EXPECT_EQ(render("a\n\n"), "a\n");
}

TEST(Jinja, expressions) {
  for (auto [text, result] :
       std::initializer_list<std::pair<const char *, const char *>>{
           {"1 + 2 * 3", "7"},
           {"(1 + 2) * 3", "9"},
           {"7 // 2", "3"},
           {"-7 % 3", "2"},
           {"7 - 2 - 1", "4"},
           {"'a' + 'b' ~ 1", "ab1"},
           {"'a' 'b'", "ab"},
           {"'it\\'s\\n\\t\\\\'", "it's\n\t\\"},
           {"name | capitalize + '!'", "World!"},
           {"name.upper()", "WORLD"},
           {"' x ' | trim", "x"},
           {"'xay'.strip('xy')", "a"},
           {"'a,b'.split(',')[1]", "b"},
           {"'a-b'.replace('-', '+')", "a+b"},
           {"messages[0].role", "system"},
           {"messages[-1]['role']", "assistant"},
           {"messages[1:][0].content", "U"},
           {"messages[:-1] | length", "2"},
           {"messages | length", "3"},
           {"(messages | first).role", "system"},
           {"'yes' if yes else 'no'", "yes"},
           {"'x' if not yes", ""},
           {"nothing", "None"},
           {"missing", ""},
           {"missing | default('d')", "d"},
           {"missing is defined", "False"},
           {"missing is not defined", "True"},
           {"nothing is none", "True"},
           {"name is string and messages is not string", "True"},
           {"'wO' in name", "True"},
           {"'x' not in name", "True"},
           {"'role' in messages[0]", "True"},
           {"1 in [1, 2]", "True"},
           {"1 == true", "True"},
           {"'1' == 1", "False"},
           {"2 < 3 and 3 >= 3", "True"},
           {"not 1 == 2", "True"},
           {"'' or 'b'", "b"},
           {"messages[0].get('content') | trim", "S"},
           {"name.startswith('wO')", "True"},
           {"'é' | length", "1"}})
    EXPECT_EQ(render(std::string("{{ ") + text + " }}"), result) << text;
}

TEST(Jinja, loops_know_where_they_are) {
  EXPECT_EQ(render("{% for m in messages %}{{ loop.index0 }}{{ loop.first }}"
                   "{{ loop.last }}{{ m.role[0] is defined }};{% endfor %}"),
            "unknown use of a subscript");
  EXPECT_EQ(render("{% for m in messages %}{{ loop.index0 ~ loop.first ~ "
                   "loop.last ~ loop.length }};{% endfor %}"),
            "0TrueFalse3;1FalseFalse3;2FalseTrue3;");
  EXPECT_EQ(render("{% for m in [] %}x{% else %}empty{% endfor %}"), "empty");
}

TEST(Jinja, conditions_choose_one_branch) {
  const char *text = "{% for n in [1, 2, 3] %}{% if n == 1 %}a{% elif n == 2 "
                     "%}b{% else %}c{% endif %}{% endfor %}";
  EXPECT_EQ(render(text), "abc");
}

TEST(Jinja, variables_of_a_loop_stay_inside) {
  EXPECT_EQ(render("{% set x = 'a' %}{% for n in [1] %}{% set x = 'b' %}"
                   "{{ x }}{% endfor %}{{ x }}"),
            "ba");
}

TEST(Jinja, namespaces_reach_outside) {
  EXPECT_EQ(render("{% set ns = namespace(x='a') %}{% for n in [1] %}"
                   "{% set ns.x = ns.x + 'b' %}{% endfor %}{{ ns.x }}"),
            "ab");
}

TEST(Jinja, white_space_control) {
  EXPECT_EQ(render("a \n {%- if yes -%} \n b \n {%- endif -%} \n c"), "abc");
  EXPECT_EQ(render("a {{- ' x ' -}} b"), "a x b");
  // trim_blocks and lstrip_blocks.
  EXPECT_EQ(render("a\n  {% if yes %}\n  b\n  {% endif %}\nc"), "a\n  b\nc");
  EXPECT_EQ(render("  {% if yes %}b{% endif %}"), "b");
  EXPECT_EQ(render("x  {% if yes %}b{% endif %}"), "x  b");
  EXPECT_EQ(render("{% if yes %}\n  {% if yes %}b{% endif %}{% endif %}"), "b");
  EXPECT_EQ(render("{% if yes +%}\nb{% endif %}"), "\nb");
  EXPECT_EQ(render("  {%+ if yes %}b{% endif %}"), "  b");
  EXPECT_EQ(render("a\n  {# note #}\nb"), "a\nb");
  EXPECT_EQ(render("a\r\n{{ 'x' }}\r\nb"), "a\nx\nb");
}

TEST(Jinja, tags_inside_strings_are_text) {
  EXPECT_EQ(render("{{ '}} %} {{' }}"), "}} %} {{");
}

TEST(Jinja, rejects_what_the_reference_rejects) {
  for (const char *text : {"{{",
                           "{{ 1",
                           "{% if %}{% endif %}",
                           "{% if yes %}",
                           "{% endif %}",
                           "{% for m in messages %}",
                           "{{ 'a }}",
                           "{{ 1 + }}",
                           "{# a",
                           "{{ (1 }}",
                           "{{ a b }}",
                           "{% else %}",
                           "{{ messages[ }}",
                           "{{ }}",
                           "{{ 'a' + 1 }}",
                           "{{ missing.x }}",
                           "{{ nothing + 'a' }}",
                           "{% for m in 5 %}{% endfor %}",
                           "{{ raise_exception('no') }}",
                           "{{ 1 // 0 }}",
                           "{{ - 'a' }}"})
    EXPECT_FAILURE(tryRender(text), ExitCode::Unreadable, "");
}

TEST(Jinja, rejects_what_it_does_not_know) {
  for (const char *text :
       {"{% macro f() %}{% endmacro %}", "{% include 'x' %}",
        "{{ strftime_now('%d') }}", "{{ name | tojson }}", "{{ 1.5 }}",
        "{{ {'a': 1} }}", "{{ name is weird }}", "{{ name.weird() }}",
        "{{ messages }}", "{% set x %}a{% endset %}", "{{ messages[::-1] }}"})
    EXPECT_FAILURE(tryRender(text), ExitCode::Unreadable, "");
}

TEST(Jinja, rejects_bombs) {
  std::string deep(20'000, '(');
  EXPECT_FAILURE(tryRender("{{" + deep + "1}}"), ExitCode::Unreadable, "deep");
  std::string chain = "1";
  for (int i = 0; i < 10'000; ++i)
    chain += "+1";
  EXPECT_FAILURE(tryRender("{{" + chain + "}}"), ExitCode::Unreadable, "long");
  std::string suffixes = "a";
  for (int i = 0; i < 10'000; ++i)
    suffixes += ".a";
  EXPECT_FAILURE(tryRender("{{" + suffixes + "}}"), ExitCode::Unreadable,
                 "long");
  std::string nots;
  for (int i = 0; i < 10'000; ++i)
    nots += "not ";
  EXPECT_FAILURE(tryRender("{{" + nots + "1}}"), ExitCode::Unreadable, "deep");
  std::string elifs = "{% if 0 %}";
  for (int i = 0; i < 3'000; ++i)
    elifs += "{% elif 0 %}";
  EXPECT_FAILURE(tryRender(elifs + "{% endif %}"), ExitCode::Unreadable,
                 "deep");
  std::string doubling = "{% set x = 'abcdefgh' %}";
  for (int i = 0; i < 60; ++i)
    doubling += "{% set x = x + x %}";
  EXPECT_FAILURE(tryRender(doubling), ExitCode::Unreadable, "too long");
  std::string growing = "{% set x = [1] %}";
  for (int i = 0; i < 60; ++i)
    growing += "{% set x = x + x %}";
  EXPECT_FAILURE(tryRender(growing), ExitCode::Unreadable, "too long");
  std::string loops, ends;
  for (int i = 0; i < 20; ++i) {
    loops += "{% for m in [1,2,3,4,5,6,7,8,9,0] %}";
    ends += "{% endfor %}";
  }
  EXPECT_FAILURE(tryRender(loops + "{{ '' }}" + ends), ExitCode::Unreadable,
                 "too many steps");
  EXPECT_FAILURE(tryRender(std::string(70'000, 'x')), ExitCode::Unreadable,
                 "too long");
}

} // namespace
} // namespace tritc::import::jinja

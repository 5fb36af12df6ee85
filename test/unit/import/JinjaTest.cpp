//===- JinjaTest.cpp - The part of Jinja that chat templates use ----------===//

#include "compiler/import/template/Jinja.h"
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
       {"name", Value::of("wOrLD")}},
      [](const std::string &format) {
        return format == "%Y" ? std::optional<std::string>("2031")
                              : std::nullopt;
      });
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
           {"messages[::-1][0].role", "assistant"},
           {"'abc'[::-1] ~ 'abc'[1:] ~ 'abc'[-1]", "cbabcc"},
           {"range(5)[3:0:-2] | join('-')", "3-1"},
           {"'a' not in 'b' and 'x' in ['x']", "True"},
           {"(messages | selectattr('role', 'equalto', 'user') | list)[0]"
            ".content",
            "U"},
           {"messages | map(attribute='role') | join(',')",
            "system,user,assistant"},
           {"{'b': [1, none, true], 'a': 'x\"y'} | tojson",
            "{\"b\": [1, null, true], \"a\": \"x\\\"y\"}"},
           {"{'b': 1, 'a': 2} | dictsort | first | first", "a"},
           {"'<b>a</b>'.split('</b>')[0].split('<b>')[-1]", "a"},
           {"'a-b-c'.rsplit('-', 1) | join('+')", "a-b+c"},
           {"'a b'.title() ~ 'x'.startswith(('y', 'x'))", "A BTrue"},
           {"strftime_now('%Y')", "2031"},
           {"strftime_now is defined", "True"},
           {"3 is divisibleby 3 and 4 is not odd", "True"},
           {"name is in ['wOrLD']", "True"},
           {"missing | default('d') ~ '' | default('e', true)", "de"},
           {"'x' if nothing", ""},
           {"['a', 'b'] == ['a', 'b']", "True"},
           {"'1\n2' | indent(2)", "1\n  2"},
           {"'12' | int + 1", "13"},
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
            "0TrueFalseTrue;1FalseFalseTrue;2FalseTrueTrue;");
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
       {"{% include 'x' %}", "{{ strftime_now('%d') }}", "{{ 1.5 }}",
        "{{ name is weird }}", "{{ name.weird() }}", "{{ messages }}",
        "{{ 1 < 2 < 3 }}", "{{ 'a' % 1 }}", "{{ '\u00e4' | upper }}",
        "{{ name | weird }}", "{% call f() %}{% endcall %}"})
    EXPECT_FAILURE(tryRender(text), ExitCode::Unreadable, "");
}

/// A branch for tools, which a chat never takes.
TEST(Jinja, what_is_not_evaluated_need_not_be_known) {
  for (const char *text :
       {"{% include 'x' %}", "{{ 1.5 }}", "{{ a ? b }}", "{{ 1 + }}",
        "{% set x = @ %}", "{% for a of b %}x{% endfor %}",
        "{% if 1 < 2 < 3 %}x{% endif %}", "{% set x | weird %}y{% endset %}",
        "{% call f() %}x{% endcall %}", "{{ name | weird }}",
        "{% macro f(*a) %}x{% endmacro %}"}) {
    EXPECT_EQ(render("{% if nothing %}" + std::string(text) + "{% endif %}c"),
              "c")
        << text;
    EXPECT_FAILURE(tryRender(text), ExitCode::Unreadable, "");
  }
}

TEST(Jinja, macros_have_parameters_and_defaults) {
  EXPECT_EQ(render("{% macro f(a, b='x') %}{{ a }}-{{ b }};{% endmacro %}"
                   "{{ f(1) }}{{ f(b=2, a=3) }}{{ f(4, 5) }}"),
            "1-x;3-2;4-5;");
  // They see what is global, and give a text.
  EXPECT_EQ(render("{% macro f() %}{{ g }}{{ m }}{% endmacro %}{% set g = 'G' "
                   "%}{% for m in [1] %}{{ f() | length }}{% endfor %}"),
            "1");
  EXPECT_FAILURE(tryRender("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"),
                 ExitCode::Unreadable, "deep");
  EXPECT_FAILURE(tryRender("{% macro f() %}{% endmacro %}{{ f(1) }}"),
                 ExitCode::Unreadable, "arguments");
}

TEST(Jinja, loops_unpack_filter_and_stop) {
  EXPECT_EQ(render("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k ~ v }}"
                   "{% endfor %}"),
            "a1b2");
  EXPECT_EQ(render("{% for n in range(6) if n % 2 %}{{ loop.index ~ ':' ~ n "
                   "}},{% endfor %}"),
            "1:1,2:3,3:5,");
  EXPECT_EQ(render("{% for n in range(9) %}{% if n == 1 %}{% continue %}"
                   "{% endif %}{% if n == 3 %}{% break %}{% endif %}{{ n }}"
                   "{% endfor %}"),
            "02");
  EXPECT_EQ(render("{% for m in missing %}x{% endfor %}e"), "e");
  EXPECT_EQ(render("{% for m in messages %}{{ loop.previtem.role if not "
                   "loop.first }}{% endfor %}"),
            "systemuser");
}

TEST(Jinja, blocks_can_be_values) {
  EXPECT_EQ(render("{% set x %}a{{ 1 }}{% endset %}{{ x }}{{ x | length }}"),
            "a12");
  EXPECT_EQ(render("{% set a, b = 'x', 'y' %}{{ b ~ a }}"), "yx");
  EXPECT_EQ(render("{% set x %}{% set y = 1 %}{% endset %}{{ y }}-"), "-");
}

TEST(Jinja, blocks_go_through_filters) {
  EXPECT_EQ(
      render("{% set x | trim | upper %} a{{ 1 }}\n{% endset %}<{{ x }}>"),
      "<A1>");
  EXPECT_EQ(render("<{% filter trim | replace('a', 'b') %} a{% if yes %}a"
                   "{% endif %} {% endfilter %}>"),
            "<bb>");
  EXPECT_FAILURE(tryRender("{% filter weird %}a{% endfilter %}"),
                 ExitCode::Unreadable, "unknown use of the filter weird");
  EXPECT_FAILURE(tryRender("{% filter trim %}a"), ExitCode::Unreadable,
                 "expected endfilter");
  std::string deep;
  for (int i = 0; i < 2000; ++i)
    deep += "{% filter trim %}";
  EXPECT_FAILURE(tryRender(deep), ExitCode::Unreadable, "");
  for (int i = 0; i < 2000; ++i)
    deep += " | trim";
  EXPECT_FAILURE(tryRender(deep), ExitCode::Unreadable, "");
}

TEST(Jinja, with_names_values_for_a_while) {
  EXPECT_EQ(render("{% with a = 1, b = name %}{{ a ~ b }}{% endwith %}{{ a }}"),
            "1wOrLD");
  // Values do not see one another.
  EXPECT_EQ(render("{% set a = 1 %}{% with a = 2, b = a %}{{ a ~ b }}"
                   "{% endwith %}{{ a }}"),
            "211");
  EXPECT_EQ(render("{% with %}{% set a = 1 %}{{ a }}{% endwith %}{{ a }}-"),
            "1-");
  EXPECT_FAILURE(tryRender("{% with a %}x{% endwith %}"), ExitCode::Unreadable,
                 "expected =");
}

TEST(Jinja, a_namespace_holds_lists_but_no_namespace) {
  EXPECT_EQ(render("{% set ns = namespace(l=[]) %}{% set ns.l = ns.l + [1] %}"
                   "{{ ns.l | length }}"),
            "1");
  EXPECT_FAILURE(tryRender("{% set ns = namespace() %}{% set ns.x = [ns] %}"),
                 ExitCode::Unreadable, "namespace");
}

TEST(Jinja, stripping_knows_all_white_space) {
  EXPECT_EQ(render("{{ '\u00a0\u3000\x1c"
                   "a\u2028\u0085' | trim }}"),
            "a");
  EXPECT_EQ(render("{{ '\u200ba' | trim | length }}"), "2"); // no white space
  EXPECT_EQ(render("{{ '  a '.lstrip() }}|{{ '\na\n'.rstrip('\n') }}"),
            "a |\na");
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

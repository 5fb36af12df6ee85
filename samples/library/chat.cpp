// chat.cpp - Asks a compiled model one question.

#include <tritc.hpp>

#include <iostream>

int main(int argc, char **argv) try {
  std::string_view question = argc > 1 ? argv[1] : "Hello!";
  tritc::Model model;
  tritc::Chat chat = model.chat();

  tritc::Sampling sampling;
  sampling.temperature = 0; // always the likeliest token
  tritc::Answer answer =
      chat.ask(question, sampling, [](const tritc::Token &token) {
        std::cout << token.text << std::flush;
      });
  std::cout << '\n' << answer.ids.size() << " tokens\n";
} catch (const tritc::Error &error) {
  std::cerr << "error: " << error.what() << '\n';
  return error.status();
}

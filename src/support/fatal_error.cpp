#include "support/fatal_error.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include <unistd.h>

namespace parigot {

namespace {

struct Signal {
  int number;
  const char* reason;
};

constexpr Signal signals[] = {
  {SIGSEGV, "Binaryen crashed, most likely because it is nested too deep"},
  {SIGBUS, "Binaryen crashed"},
  {SIGFPE, "Binaryen crashed"},
  {SIGILL, "Binaryen crashed"},
  {SIGABRT, "Binaryen gave up on it"},
};
struct sigaction beforeUs[std::size(signals)];

// A handler cannot run on a stack that has overflowed, so it gets one of its own.
alignas(16) char handlerStack[1 << 16];
stack_t stackBeforeUs;

// A sanitizer reports more than this class does, so its handlers stay.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool handlesSignals = false;
#else
constexpr bool handlesSignals = true;
#endif

constexpr std::string_view fatalPrefix = "Fatal: ";

} // namespace

FatalErrorReporter* FatalErrorReporter::innermost = nullptr;

FatalErrorReporter::FatalErrorReporter(std::string words, bool quiet)
  : words(std::move(words)), outer(innermost), before(std::cerr.rdbuf()), filter(before, quiet) {
  innermost = this;
  std::cerr.rdbuf(&filter);
  if (outer || !handlesSignals) {
    return;
  }
  stack_t stack{};
  stack.ss_sp = handlerStack;
  stack.ss_size = sizeof handlerStack;
  sigaltstack(&stack, &stackBeforeUs);
  for (size_t i = 0; i < std::size(signals); i++) {
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(signals[i].number, &action, &beforeUs[i]);
  }
}

FatalErrorReporter::~FatalErrorReporter() {
  innermost = outer;
  std::cerr.rdbuf(before);
  if (outer || !handlesSignals) {
    return;
  }
  for (size_t i = 0; i < std::size(signals); i++) {
    sigaction(signals[i].number, &beforeUs[i], nullptr);
  }
  sigaltstack(&stackBeforeUs, nullptr);
}

// Runs in a signal handler: it must not allocate memory or use streams.
void FatalErrorReporter::say(const char* reason) {
  auto put = [](std::string_view text) {
    [[maybe_unused]] auto written = write(STDERR_FILENO, text.data(), text.size());
  };
  put(program_invocation_short_name);
  put(": error: ");
  put(innermost->words);
  put(" (");
  put(reason);
  put(")\n");
}

void FatalErrorReporter::onSignal(int number) {
  for (auto& signal : signals) {
    if (signal.number == number) {
      say(signal.reason);
    }
  }
  _exit(1);
}

FatalErrorReporter::Filter::~Filter() { pass(); }

// Forwards the collected text, which may be part of a line.
void FatalErrorReporter::Filter::pass() {
  if (!quiet) {
    to->sputn(line.data(), std::streamsize(line.size()));
    to->pubsync();
  }
  line.clear();
}

int FatalErrorReporter::Filter::overflow(int c) {
  if (c == traits_type::eof()) {
    return 0;
  }
  line += char(c);
  if (c != '\n') {
    return c;
  }
  if (line.starts_with(fatalPrefix)) {
    // After this, Binaryen calls _exit(1).
    line.pop_back();
    say(line.c_str() + fatalPrefix.size());
    line.clear();
  }
  pass();
  return c;
}

// assert() calls this function. glibc's version prints the path where Binaryen was built, and aborts. This definition
// replaces it in programs that are linked with this library.
void reportAssertion(const char* assertion) {
  if (FatalErrorReporter::innermost) {
    auto reason = std::string("Binaryen's assertion failed: ") + assertion;
    FatalErrorReporter::say(reason.c_str());
    _exit(1);
  }
}

} // namespace parigot

// NOLINTNEXTLINE(bugprone-reserved-identifier): the C library's
extern "C" void __assert_fail(const char* assertion, const char* file, unsigned line, const char* function) noexcept {
  parigot::reportAssertion(assertion);
  std::fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, assertion);
  std::abort();
}

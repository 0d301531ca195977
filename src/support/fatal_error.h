// Reports in one line that Binaryen ends the process.
//
// Binaryen returns an error for most faults of a file, but not for all: for some it calls Fatal, which exits; for some
// an assertion fails, which aborts; and deeply nested text overflows the stack. None of these can be caught and turned
// into an error value. This class makes the process name the file in one line, and exit with code 1.

#ifndef parigot_support_fatal_error_h
#define parigot_support_fatal_error_h

#include <streambuf>
#include <string>

namespace parigot {

// While an object of this class exists, a process that has to end for one of these reasons prints
// "PROGRAM: error: WORDS (REASON)". Objects nest like a stack, on one thread; the innermost one reports.
//
// A signal handler can reach data only through a global variable. That variable, and std::cerr, to which Fatal writes
// its reason, are used in this class only.
class FatalErrorReporter {
public:
  // With `quiet`, the text that Binaryen writes to std::cerr meanwhile is dropped: its readers print a warning for each
  // line of a name section that they reject.
  explicit FatalErrorReporter(std::string words, bool quiet = false);
  ~FatalErrorReporter();
  FatalErrorReporter(const FatalErrorReporter&) = delete;
  FatalErrorReporter& operator=(const FatalErrorReporter&) = delete;

private:
  // Replaces the buffer of std::cerr, to find the line that Fatal writes.
  class Filter : public std::streambuf {
  public:
    Filter(std::streambuf* to, bool quiet) : to(to), quiet(quiet) {}
    ~Filter() override;

  protected:
    int overflow(int c) override;

  private:
    void pass();

    std::streambuf* to;
    bool quiet;
    std::string line;
  };

  friend void reportAssertion(const char* assertion);
  static void say(const char* reason);
  static void onSignal(int signal);

  std::string words;
  FatalErrorReporter* outer;
  std::streambuf* before;
  Filter filter;

  static FatalErrorReporter* innermost;
};

} // namespace parigot

#endif // parigot_support_fatal_error_h

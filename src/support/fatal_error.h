// What is said when Binaryen ends the process.
//
// It reports most of what is wrong with a file in an orderly way, but not all:
// some of it is a Fatal, which exits, some an assertion, which aborts, and text
// that is nested too deep overflows the stack. None of these can be caught and
// made an error value. What can be done is to say which file it was, in one
// line, and to end with exit code 1.

#ifndef parigot_support_fatal_error_h
#define parigot_support_fatal_error_h

#include <streambuf>
#include <string>

namespace parigot {

// While one exists, the process ends with "PROGRAM: error: WORDS (REASON)" if
// it has to end for any of these reasons. They nest; the innermost speaks. To
// be created and destroyed on one thread, in the manner of a stack.
//
// There is no other way to reach a signal handler than through a global; that
// and std::cerr, where Fatal writes its reason, are touched here only.
class FatalErrorReporter {
public:
  // With `quiet`, what Binaryen writes to std::cerr meanwhile is dropped: its
  // readers warn there about each line of a name section that they dislike.
  explicit FatalErrorReporter(std::string words, bool quiet = false);
  ~FatalErrorReporter();
  FatalErrorReporter(const FatalErrorReporter&) = delete;
  FatalErrorReporter& operator=(const FatalErrorReporter&) = delete;

private:
  // Stands in for std::cerr's own, to find the line that a Fatal writes.
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

  friend void lastWordsOfAssertion(const char* assertion);
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

package cthelper.netfilter;

class LinuxSystemCallsKernelTest extends SystemCallsContract {

  @Override
  SystemCalls calls() {
    TestNamespace.requirePrivateDirectory();
    return new LinuxSystemCalls();
  }
}

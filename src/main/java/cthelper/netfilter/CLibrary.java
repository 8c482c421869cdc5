package cthelper.netfilter;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The C library's functions that this package calls, all or none: a library that lacks one disables
 * the whole class, naming it.
 *
 * <p>Arguments and results are those of the manual pages; every handle takes before them where to
 * capture errno.
 */
record CLibrary(
    MethodHandle open,
    MethodHandle close,
    MethodHandle setns,
    MethodHandle unshare,
    MethodHandle socket,
    MethodHandle bind,
    MethodHandle getsockname,
    MethodHandle setsockopt,
    MethodHandle getsockopt,
    MethodHandle send,
    MethodHandle recvmsg,
    MethodHandle read,
    MethodHandle write,
    MethodHandle inotifyInit,
    MethodHandle inotifyAddWatch,
    MethodHandle inotifyRemoveWatch,
    MethodHandle eventfd,
    MethodHandle poll) {

  static CLibrary link() {
    Linker.Option openIsVariadic = Linker.Option.firstVariadicArg(2);
    return new CLibrary(
        function("open", JAVA_INT, List.of(ADDRESS, JAVA_INT), openIsVariadic),
        function("close", JAVA_INT, List.of(JAVA_INT)),
        function("setns", JAVA_INT, List.of(JAVA_INT, JAVA_INT)),
        function("unshare", JAVA_INT, List.of(JAVA_INT)),
        function("socket", JAVA_INT, List.of(JAVA_INT, JAVA_INT, JAVA_INT)),
        function("bind", JAVA_INT, List.of(JAVA_INT, ADDRESS, JAVA_INT)),
        function("getsockname", JAVA_INT, List.of(JAVA_INT, ADDRESS, ADDRESS)),
        function("setsockopt", JAVA_INT, List.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT)),
        function("getsockopt", JAVA_INT, List.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS)),
        function("send", JAVA_LONG, List.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)),
        function("recvmsg", JAVA_LONG, List.of(JAVA_INT, ADDRESS, JAVA_INT)),
        function("read", JAVA_LONG, List.of(JAVA_INT, ADDRESS, JAVA_LONG)),
        function("write", JAVA_LONG, List.of(JAVA_INT, ADDRESS, JAVA_LONG)),
        function("inotify_init1", JAVA_INT, List.of(JAVA_INT)),
        function("inotify_add_watch", JAVA_INT, List.of(JAVA_INT, ADDRESS, JAVA_INT)),
        function("inotify_rm_watch", JAVA_INT, List.of(JAVA_INT, JAVA_INT)),
        function("eventfd", JAVA_INT, List.of(JAVA_INT, JAVA_INT)),
        function("poll", JAVA_INT, List.of(ADDRESS, JAVA_LONG, JAVA_INT)));
  }

  static MethodHandle function(
      String name, MemoryLayout result, List<MemoryLayout> arguments, Linker.Option... more) {
    SymbolLookup library = Linker.nativeLinker().defaultLookup();
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(() -> new IllegalStateException("the C library lacks " + name));
    List<Linker.Option> options = new ArrayList<>(List.of(more));
    options.add(Linker.Option.captureCallState("errno"));
    return Linker.nativeLinker()
        .downcallHandle(
            address,
            FunctionDescriptor.of(result, arguments.toArray(MemoryLayout[]::new)),
            options.toArray(Linker.Option[]::new));
  }
}

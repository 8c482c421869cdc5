/**
 * The kernel edge: system calls, netlink codecs, our table, namespaces and their directory. The
 * only home of java.lang.foreign; knows nothing of HTTP, SQL or owners.
 */
@NullMarked
package cthelper.netfilter;

import org.jspecify.annotations.NullMarked;

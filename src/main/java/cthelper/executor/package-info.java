/** This node's side: which namespaces are here, apply, read back, tombstones, capabilities. */
@NullMarked
package cthelper.executor;

import org.jspecify.annotations.NullMarked;

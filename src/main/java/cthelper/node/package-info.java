/** The contract between the reconciler and the executor of a node. */
@NullMarked
package cthelper.node;

import org.jspecify.annotations.NullMarked;

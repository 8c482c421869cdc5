/** When placements are asked, and asked again. */
@NullMarked
package cthelper.reconcile;

import org.jspecify.annotations.NullMarked;

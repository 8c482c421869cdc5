/**
 * The values everything else speaks of. They check themselves when made, never change and import
 * nothing of ours.
 */
@NullMarked
package cthelper.model;

import org.jspecify.annotations.NullMarked;

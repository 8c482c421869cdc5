/** How the process starts, and says why it does not. */
@NullMarked
package cthelper.start;

import org.jspecify.annotations.NullMarked;

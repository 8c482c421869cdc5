/** Rules about the code itself. */
@NullMarked
package cthelper;

import org.jspecify.annotations.NullMarked;

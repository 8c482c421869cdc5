/** The values by themselves: pure, in milliseconds. */
@NullMarked
package cthelper.model;

import org.jspecify.annotations.NullMarked;

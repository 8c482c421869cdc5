/** What comes with the image, read as the programs that use it would read it. */
@NullMarked
package cthelper.docker;

import org.jspecify.annotations.NullMarked;

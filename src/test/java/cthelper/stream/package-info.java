/** Tests of {@link cthelper.stream}, over real connections. */
@NullMarked
package cthelper.stream;

import org.jspecify.annotations.NullMarked;

/** Starting and stopping the process: embedded PostgreSQL, first lines on the screen, refusals. */
@NullMarked
package cthelper.start;

import org.jspecify.annotations.NullMarked;

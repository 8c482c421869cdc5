/**
 * Starting and stopping the process: privileges, embedded PostgreSQL, first lines on the screen,
 * refusals.
 */
@NullMarked
package cthelper.start;

import org.jspecify.annotations.NullMarked;

/** What the executor promises, on files and on the real kernel. */
@NullMarked
package cthelper.executor;

import org.jspecify.annotations.NullMarked;

/** What tests of several packages share. */
@NullMarked
package cthelper.testing;

import org.jspecify.annotations.NullMarked;

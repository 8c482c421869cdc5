/** What settings mean and which are refused. */
@NullMarked
package cthelper.config;

import org.jspecify.annotations.NullMarked;

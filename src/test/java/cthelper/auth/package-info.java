@NullMarked
package cthelper.auth;

import org.jspecify.annotations.NullMarked;

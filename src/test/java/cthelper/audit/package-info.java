@NullMarked
package cthelper.audit;

import org.jspecify.annotations.NullMarked;

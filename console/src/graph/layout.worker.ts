// ELK answers the messages of a worker by itself when it is loaded in one.
import 'elkjs/lib/elk-worker.min.js';

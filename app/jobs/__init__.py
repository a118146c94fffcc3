"""What is done outside a request: the queue, its worker, and the jobs that come round."""

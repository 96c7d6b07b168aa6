"""What `yueban doctor` looks at: each module checks one part of the machine or the instance."""

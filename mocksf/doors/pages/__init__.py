"""The pages under `/_mocksf/ui/`: server-rendered, without a network, for people who want to see what goes on."""

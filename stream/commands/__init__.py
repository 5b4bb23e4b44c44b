"""The commands of `liveground`, one module each; here the command line joins the rooms."""

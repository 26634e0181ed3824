"""What templates can say beyond variables: icons, times, tones and Markdown."""

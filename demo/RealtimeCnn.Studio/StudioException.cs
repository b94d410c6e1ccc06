namespace RealtimeCnn.Studio;

/// <summary>The studio cannot begin, or somebody at its page asks for what cannot be; the message says why and what to do.</summary>
internal sealed class StudioException(string message, Exception? cause = null) : Exception(message, cause);

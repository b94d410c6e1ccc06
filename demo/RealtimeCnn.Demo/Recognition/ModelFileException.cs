namespace RealtimeCnn.Demo.Recognition;

/// <summary>A model or its labels that the demo cannot show; the message names the file and says why.</summary>
internal sealed class ModelFileException(string message, Exception? cause = null) : Exception(message, cause);

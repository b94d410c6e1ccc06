using System.CommandLine;

namespace RealtimeCnn.Cli;

/// <summary>Options whose value is one of a few words.</summary>
internal static class Choice
{
    /// <summary>Takes these words only, shows them in the help, and names them when another is given.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">What it may say.</param>
    /// <returns>The option.</returns>
    public static Option<T> OneOf<T>(this Option<T> option, params string[] words)
    {
        option.HelpName = string.Join('|', words);
        option.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => !words.Contains(token.Value, StringComparer.Ordinal)) is { } token)
                result.AddError($"{option.Name} '{token.Value}' is not possible; it is one of: {string.Join(", ", words)}.");
        });
        return option;
    }
}

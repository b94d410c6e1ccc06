using System.Text;
using System.Text.RegularExpressions;

namespace RealtimeCnn.Camera;

/// <summary>
/// Keeps the secrets of an address out of what people see: user and password, and the values behind the question mark,
/// in every form in which a program may repeat them: as typed, normalised, percent-encoded or decoded.
/// </summary>
internal sealed partial class Redaction
{
    private const string Hidden = "…";
    private const int ShortestSecret = 3;
    private readonly string[] _secrets;

    /// <summary>Learns the secrets of an address.</summary>
    /// <param name="address">As the user typed it.</param>
    public Redaction(string address)
    {
        var parts = Address().Match(address);
        HashSet<string> secrets = new(StringComparer.OrdinalIgnoreCase);
        AddCredentials(secrets, parts.Groups["user"].Value);
        AddQuery(secrets, parts.Groups["query"].Value);
        if (Uri.TryCreate(address, UriKind.Absolute, out var url))
        {
            AddCredentials(secrets, url.UserInfo);
            AddQuery(secrets, url.Query.TrimStart('?'));
        }

        // Longer ones first: a part of a secret must not break up the whole.
        _secrets = [.. secrets.Where(secret => secret.Length >= ShortestSecret).OrderByDescending(secret => secret.Length)];
    }

    /// <summary>The address for people: without user and password, and without the values behind the question mark.</summary>
    public static string Anonymous(string address) => AddressQuery().Replace(AddressUser().Replace(address, ""), Hidden);

    /// <summary>The text without the secrets, and without those of any other address in it.</summary>
    public string Apply(string text)
    {
        foreach (string secret in _secrets)
            text = text.Replace(secret, Hidden, StringComparison.OrdinalIgnoreCase);
        return Anonymous(text);
    }

    private static void AddCredentials(HashSet<string> secrets, string userInfo)
    {
        int colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        AddForms(secrets, userInfo);
        AddForms(secrets, userInfo[(colon + 1)..]);
        foreach (string form in Forms(userInfo))
            secrets.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(form)));
    }

    private static void AddQuery(HashSet<string> secrets, string query)
    {
        AddForms(secrets, query);
        foreach (string field in query.Split('&', ';'))
            AddForms(secrets, field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]);
    }

    private static void AddForms(HashSet<string> secrets, string secret) => secrets.UnionWith(Forms(secret));

    private static string[] Forms(string secret)
    {
        string decoded = Uri.UnescapeDataString(secret);
        return secret.Length == 0 ? [] : [secret, decoded, Uri.EscapeDataString(decoded), Uri.EscapeDataString(secret), decoded.Replace(' ', '+')];
    }

    // User and password end at the last @ before the path.
    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*://((?<user>[^/?#]*)@)?[^/?#]*[^?#]*(\?(?<query>[^#]*))?", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<=\b[a-z][a-z0-9+.-]*://)[^\s/?#'""]*@", RegexOptions.IgnoreCase)]
    private static partial Regex AddressUser();

    [GeneratedRegex(@"(?<=\b[a-z][a-z0-9+.-]*://[^\s?#'""]*\?)[^\s#'""),:;]+", RegexOptions.IgnoreCase)]
    private static partial Regex AddressQuery();
}
